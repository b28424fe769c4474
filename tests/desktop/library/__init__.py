"""Tests of the window's folders."""
