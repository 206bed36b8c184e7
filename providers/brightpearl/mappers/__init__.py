"""Brightpearl's records as unified ones: pure functions, one file per model."""
