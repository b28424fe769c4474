"""Pictures of the window in its main states, to be looked at."""
