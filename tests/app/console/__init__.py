"""The console, over HTTP."""
