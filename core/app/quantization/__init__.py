"""Quantization services: ladders, making and measuring quantizations."""
