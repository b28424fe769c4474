"""Commands of tools that models may call."""
