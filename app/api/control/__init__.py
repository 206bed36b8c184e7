"""The control plane: environments, tokens, accounts, integrations, the log."""
