"""Text: passages, tokens of scripts, tables and titles, as the library cuts and indexes them."""
