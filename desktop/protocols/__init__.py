"""Protocols of core.app as the window calls it."""
