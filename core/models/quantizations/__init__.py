"""Quantizations: types, ladders, estimates and measurements."""
