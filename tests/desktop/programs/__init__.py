"""Tests of the page about other programs."""
