"""Vectors, search in folders, and the order of texts by a query."""
