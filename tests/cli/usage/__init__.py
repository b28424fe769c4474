"""Commands about counted tokens."""
