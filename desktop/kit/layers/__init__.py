"""Layers of a window over its chat: pages in its place, overlays above it."""
