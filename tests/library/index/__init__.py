"""Tests of embedding and of the vector index."""
