"""Tests of the window itself: start, keys, appearance, notices, smaller features."""
