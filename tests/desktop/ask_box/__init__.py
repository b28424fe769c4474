"""Tests of the ask box."""
