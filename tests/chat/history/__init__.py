"""Chats of other programs."""
