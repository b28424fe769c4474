"""Servers: answers of OpenAI-compatible servers, streamed."""
