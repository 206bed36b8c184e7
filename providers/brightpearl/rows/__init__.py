"""Brightpearl's rows, a file for each family of resources; `providers/brightpearl/resources.py` is their table."""
