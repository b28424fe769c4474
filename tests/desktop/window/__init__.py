"""Tests of the window itself: start, keys, notices, smaller features."""
