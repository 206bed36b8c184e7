"""Finds providers: every package beside `kit` that holds a `provider` is one."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping
from functools import cache

import providers
from providers.kit.provider import Provider


@cache
def all_providers() -> Mapping[str, Provider]:
    """Every provider, by its slug, in the order of their slugs."""
    found: dict[str, Provider] = {}
    for package in sorted(pkgutil.iter_modules(providers.__path__), key=lambda module: module.name):
        if not package.ispkg or package.name == "kit":
            continue
        provider = getattr(importlib.import_module(f"providers.{package.name}"), "provider", None)
        if isinstance(provider, Provider):
            found[provider.slug] = provider
    return found
