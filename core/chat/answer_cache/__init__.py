"""Answer cache: when a question has been answered before, and may be answered the same."""
