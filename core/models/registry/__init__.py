"""Model registry: scans, sources and the list of known models."""
