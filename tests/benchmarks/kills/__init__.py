"""Kills and damage, again and again: what is left, and what was lost."""
