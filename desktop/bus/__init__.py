"""The session bus of Linux, for what of the window speaks to services there."""
