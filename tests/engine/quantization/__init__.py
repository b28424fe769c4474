"""Tests of quantization and of the benchmark."""
