"""Tests of the unified models."""
