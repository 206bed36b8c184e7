"""The connect page and the browser SDK, in a real browser."""
