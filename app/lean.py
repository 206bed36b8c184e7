"""Keeps out of memory what libraries bring along and a gateway never uses; measured, 8 MB of each process."""

from __future__ import annotations

import sys
from importlib import import_module
from importlib.util import find_spec, module_from_spec
from typing import Any, cast

_ASYNC_CORE = "sqlalchemy.ext.asyncio"


def without_orm() -> None:
    """Give out SQLAlchemy's asynchronous engine without its asynchronous sessions, which load the whole ORM."""
    spec = find_spec(_ASYNC_CORE)
    if _ASYNC_CORE in sys.modules or spec is None:
        return
    # The package is there but is not run: what is asked of it comes from the part that gateways use.
    package = module_from_spec(spec)
    vars(package)["__getattr__"] = _from_engine
    sys.modules[_ASYNC_CORE] = package


def without_old_pydantic() -> None:
    """Let FastAPI find no models of pydantic's version 1, as on a Python that no longer runs them."""
    cast("dict[str, Any]", sys.modules).setdefault("pydantic.v1", None)


def _from_engine(name: str) -> Any:
    return getattr(import_module(f"{_ASYNC_CORE}.engine"), name)
