"""Maintenance: checks, repair, re-embedding and other work while nobody waits."""
