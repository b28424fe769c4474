"""Composer: the question that is typed, its files and adapters."""
