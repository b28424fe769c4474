"""Tests of the commands around models."""
