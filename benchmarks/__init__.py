"""Measures the gateway beside nginx: CPU per request of the serving process, latency, memory and calls made."""
