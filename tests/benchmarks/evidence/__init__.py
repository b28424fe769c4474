"""Measurements of the verdict on what a search found: calibration, what it is made of, its cost."""
