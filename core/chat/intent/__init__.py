"""Intent: what a message wants, before anything is searched."""
