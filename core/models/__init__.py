"""GGUF files on this disk, used where they lie."""
