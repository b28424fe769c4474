"""Tests of passages and sentences."""
