"""Brightpearl's sandbox: the quirks that it must have."""
