"""Model information: facts read from headers, names and entries."""
