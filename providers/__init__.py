"""Providers: one folder each, discovered by existing."""
