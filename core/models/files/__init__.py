"""Model files: copies, checksums and background work on them."""
