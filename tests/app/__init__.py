"""Tests of the application over scripted children."""
