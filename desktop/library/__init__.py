"""Folder widgets and controllers: the folders that a chat answers from."""
