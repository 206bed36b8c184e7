"""How a customer connects: the hosted page and what stands behind it."""
