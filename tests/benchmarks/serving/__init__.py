"""Benchmarks of the port for other programs."""
