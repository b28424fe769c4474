"""Tests of the questions made from a folder, and of what is told about them."""
