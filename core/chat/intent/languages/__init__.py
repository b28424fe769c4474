"""Languages whose messages are understood: one module each, filled in as `Language` says."""
