"""Sandboxes held against recordings."""
