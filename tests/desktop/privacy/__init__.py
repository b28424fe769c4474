"""Encryption in the window: what is asked at the start, and the page about privacy."""
