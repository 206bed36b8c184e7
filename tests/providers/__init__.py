"""Providers, driven through the kit's client with a scripted way out."""
