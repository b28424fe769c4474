"""Tests of loading, scheduling, generation and sampling."""
