"""The log of calls through the gateway."""
