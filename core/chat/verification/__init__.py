"""Verification: doubtful sentences of an answer, each checked by a question of its own."""
