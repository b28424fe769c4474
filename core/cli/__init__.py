"""Command line: the same calls as the window makes, for terminals and scripts."""
