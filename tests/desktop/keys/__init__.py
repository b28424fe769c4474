"""Tests of keys and screen readers: what is reached, and by which name."""
