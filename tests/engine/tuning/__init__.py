"""Tests of timing a model and of what follows from it."""
