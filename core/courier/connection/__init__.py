"""Connections: the host gate, HTTP requests, stored keys and the contact log."""
