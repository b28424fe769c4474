"""Benchmarks of writing tokens: what a step costs, and what guessing ahead gains."""
