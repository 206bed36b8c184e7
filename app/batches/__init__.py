"""Many calls in one: `/batch-request`."""
