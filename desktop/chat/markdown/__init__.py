"""Markdown: a model's text as safe HTML and blocks."""
