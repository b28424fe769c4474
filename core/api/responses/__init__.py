"""Responses, OpenAI's newer form: items in, items out, kept for the next one if asked."""
