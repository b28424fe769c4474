"""The window, driven through signals, keys, mouse and drops."""
