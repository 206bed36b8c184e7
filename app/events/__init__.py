"""What happens to accounts, told to the backends they belong to: one log, pushed by webhooks and pulled."""
