"""Tokens counted: by day, model and origin, and what own servers cost."""
