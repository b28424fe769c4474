"""Source cards: passages of an answer."""
