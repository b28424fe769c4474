"""Benchmarks of the verdicts on the sentences of answers."""
