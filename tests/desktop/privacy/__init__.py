"""The page about counted tokens."""
