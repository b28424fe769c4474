"""Benchmarks of the engine against a bare llama.cpp loop, on this machine, in the same run."""
