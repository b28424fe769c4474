"""Tools that a model calls while it answers: the run of such an answer, and the arithmetic."""
