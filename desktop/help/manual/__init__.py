"""Offline manual: its chapters, and the page that shows and searches them."""
