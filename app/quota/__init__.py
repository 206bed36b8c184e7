"""How much of a provider may be used at once."""
