"""Our words: one file per unified model, the same for every provider."""
