"""Document viewer: pages or text, opened at a passage."""
