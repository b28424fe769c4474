"""First-run welcome: privacy, the model that answers, and a first folder."""
