"""Tests, in folders named for what they test."""
