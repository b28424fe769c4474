"""Shared widgets, theme, formatting and window infrastructure."""
