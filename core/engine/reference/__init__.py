"""Reference loop: llama.cpp as plainly as possible, which benchmarks compare with."""
