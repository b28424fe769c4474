"""Salvage: what can still be read of a damaged database."""
