"""Devices: backends of llama.cpp, graphics cards, packs, speed of tensor types."""
