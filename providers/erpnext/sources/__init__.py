"""Which DocTypes feed each resource, with their tables, joins and filters: one file per model."""
