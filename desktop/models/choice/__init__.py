"""Model choice: the model that answers, and its loading."""
