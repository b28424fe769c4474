"""Tests of the window, driven through signals, keys, mouse and drops."""
