"""Prompts, summaries and the course of answers."""
