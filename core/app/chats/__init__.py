"""Chats: answering, routing, turns, titles and the list of chats."""
