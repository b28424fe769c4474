"""Tables of sources: rows with the heads of their columns, and what cells and fields state."""
