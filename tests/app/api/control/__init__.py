"""Tests of the control plane, over HTTP."""
