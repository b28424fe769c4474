"""Quantization child: making and measuring quantizations."""
