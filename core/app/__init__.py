"""Application layer: services built from one root, called by the window and the command line."""
