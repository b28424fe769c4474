"""Tests of the port for other programs."""
