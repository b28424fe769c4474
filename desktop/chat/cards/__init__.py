"""Cards: one widget for each turn of a chat."""
