"""Application events: changes of state that are broadcast to every front end."""
