"""Quota that several processes share, in Redis."""
