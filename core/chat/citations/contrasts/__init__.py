"""Contrasts: what a statement says otherwise than the sentence of its source nearest to it."""
