"""The one way out to the network: sends a request exactly as written, once, to an allowed address."""
