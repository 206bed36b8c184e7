"""Recordings served back over HTTP, and what the gateway makes of them."""
