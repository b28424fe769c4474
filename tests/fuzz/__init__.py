"""Fuzzing: what reads a stranger's bytes gets millions of wrong ones (see tests/fuzz/README.md)."""
