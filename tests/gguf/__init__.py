"""Tests of the GGUF reader, and the writer they use."""
