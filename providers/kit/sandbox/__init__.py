"""What the sandboxes of all providers have in common: admin calls, the log of calls, trouble on request."""
