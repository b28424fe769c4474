"""Application process: start, windows, tray, notifications."""
