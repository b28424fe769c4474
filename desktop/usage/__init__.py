"""Page about tokens that were counted."""
