"""Customers' accounts: kept, sealed, opened, and their tokens renewed."""
