"""Measures the engine against a bare llama.cpp loop, on this machine and in the same run."""
