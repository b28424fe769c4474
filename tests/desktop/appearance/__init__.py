"""Tests of what the window looks like: styles, large text, right to left, odd characters."""
