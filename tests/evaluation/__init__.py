"""Tests of scores, statistics and reports of answers."""
