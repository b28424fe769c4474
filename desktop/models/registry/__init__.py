"""Installed models: their table, details, settings and folders."""
