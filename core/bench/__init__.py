"""Benchmarks of the engine against a reference loop, of the library, and their commands."""
