"""Runs GGUF models: the engine child, and the client that talks to it."""
