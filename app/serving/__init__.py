"""How the gateway takes connections, alone or beside other workers, and stops without losing a call."""
