"""Tests of training services over scripted children."""
