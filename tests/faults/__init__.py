"""Fault matrix: one injected fault a row, and the promise that holds then; `rows.py` lists all."""
