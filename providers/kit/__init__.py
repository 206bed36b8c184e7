"""What a provider is made of: errors ← exact ← clock ← pages ← client ← resource ← provider ← registry."""
