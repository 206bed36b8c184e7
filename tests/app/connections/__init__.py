"""Tests of accounts, credentials, keys and token renewal."""
