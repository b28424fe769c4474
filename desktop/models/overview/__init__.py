"""Overview of models: a card for each, and the one to get for this computer."""
