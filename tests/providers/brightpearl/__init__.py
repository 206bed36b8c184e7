"""Brightpearl against recordings and an account in memory."""
