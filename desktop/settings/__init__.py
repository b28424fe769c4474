"""Settings dialog, built from the settings that core declares."""
