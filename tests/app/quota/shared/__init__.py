"""Quota that is shared."""
