"""Conversations as values: turns, branches, chat styles, summaries."""
