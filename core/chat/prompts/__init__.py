"""Prompt library: saved prompts and their placeholders."""
