"""API tokens: who calls, from which environment, with which scopes."""
