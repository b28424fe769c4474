"""The settings page, built from what core.settings declares."""
