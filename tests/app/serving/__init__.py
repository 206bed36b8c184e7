"""How processes begin, share a socket and end."""
