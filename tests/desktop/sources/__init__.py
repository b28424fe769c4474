"""Tests of sources and of the viewer."""
