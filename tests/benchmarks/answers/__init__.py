"""Benchmarks of answers: how their sentences are judged, and when two say the same."""
