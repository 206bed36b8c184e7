"""Connecting accounts by the hosted page, over HTTP."""
