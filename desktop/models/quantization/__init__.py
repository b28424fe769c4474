"""Quantization: ladder panel and dialog."""
