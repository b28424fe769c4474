"""Tests of the library child."""
