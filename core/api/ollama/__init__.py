"""Ollama's API: chat, generate, list of models, embeddings."""
