"""Answering: one question from search and prompt to the saved answer."""
