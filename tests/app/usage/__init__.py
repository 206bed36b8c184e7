"""Counts, budgets and forecasts of accounts."""
