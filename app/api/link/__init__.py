"""The hosted connect page over HTTP."""
