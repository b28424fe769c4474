"""Answers about the library itself, from its records and without a model."""
