"""Widgets of the model dialogs."""
