"""Comparison of two answers: one question to two models or settings, side by side."""
