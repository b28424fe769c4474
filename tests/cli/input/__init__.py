"""Tests of what is read and looked at before a command begins."""
