"""Embedding: text to vectors by a sentence-transformers model."""
