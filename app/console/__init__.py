"""The console: the owner's own pages on an environment's calls, accounts and capabilities."""
