"""Measures the window where it runs: called by `inglenook bench ui`."""
