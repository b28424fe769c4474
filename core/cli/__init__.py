"""Command line: the same calls as the window makes, for terminals and scripts."""

from core.cli.main import main

__all__ = ["main"]
