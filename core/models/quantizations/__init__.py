"""Quantizations: levels, ladders and measurements."""
