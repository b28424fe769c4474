"""Memory: what a model takes and where its layers are placed."""
