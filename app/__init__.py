"""The gateway: our service, which knows providers only through `providers.kit`."""
