"""Tests of placements and memory plans."""
