"""Environments: the workspaces that nothing crosses."""
