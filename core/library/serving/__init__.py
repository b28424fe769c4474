"""Serving: the library child at work, requests answered between steps of syncs."""
