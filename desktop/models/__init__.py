"""Models in the window: the dialog of models, servers, downloads and quantizations."""
