"""Tests of the application's models: loading, files, downloads, quantization."""
