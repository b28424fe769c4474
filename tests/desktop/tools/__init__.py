"""Tools of models in the window."""
