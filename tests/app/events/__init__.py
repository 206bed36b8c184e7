"""Tests of the event log and of webhooks."""
