"""Answers of several models compared."""
