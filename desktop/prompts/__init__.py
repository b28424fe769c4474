"""Prompts: completed behind "/", filled in, and kept."""
