"""Document readers: one module per family of file formats, and what they share."""
