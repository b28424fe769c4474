"""Imports made light: large modules that a library asks for and that nobody calls."""
