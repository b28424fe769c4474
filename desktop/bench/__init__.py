"""Benchmarks of the window, run by `inglenook bench ui`."""
