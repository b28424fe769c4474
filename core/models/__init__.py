"""Models: GGUF files on this disk, the catalog, quantizations, and servers of the person."""
