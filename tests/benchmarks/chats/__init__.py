"""Benchmarks of chats."""
