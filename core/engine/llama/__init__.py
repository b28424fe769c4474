"""Thin wrappers of the llama.cpp binding: model, context, vocabulary, log."""
