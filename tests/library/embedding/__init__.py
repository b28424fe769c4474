"""Embedding of texts."""
