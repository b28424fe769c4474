"""The right of the window: the passages an answer stands on, and the document they are from."""
