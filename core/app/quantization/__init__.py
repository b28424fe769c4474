"""Quantization services: ladders, quantizing and measuring."""
