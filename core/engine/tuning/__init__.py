"""Timing of a model's attention and weights on this machine, and the choice that follows."""
