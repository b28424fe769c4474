"""Servers: their dialog, form and controller."""
