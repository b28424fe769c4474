"""The command line: the same calls as the window, for terminals and scripts."""
