"""What accounts ask of their providers: counted, summed over all processes, held to budgets, foretold."""
