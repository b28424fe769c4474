"""Benchmarks of encryption at rest: what it costs, against a plain data folder."""
