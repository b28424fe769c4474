"""Document readers: one module per family of file formats."""
