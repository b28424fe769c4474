"""Folder test: questions made from the texts of a folder, and whether search finds them."""
