"""Tests of the window's models, servers and packs."""
