"""Tests of the window itself: start, keys, looks, notices, and its smaller features."""
