"""Model loading: the model in memory, its devices, quarantine and idle time."""
