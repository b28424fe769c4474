"""Chats: conversations, their database, answering a question, citations, export, prompts."""
