"""Tasks over whole documents: passages in parts, each read by the model, then joined."""
