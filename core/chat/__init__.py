"""Conversations, the course of one question, citations."""
