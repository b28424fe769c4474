"""Transcript: the scrolled cards of a chat, selection and search in them."""
