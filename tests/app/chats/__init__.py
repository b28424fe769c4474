"""Tests of the application's chats and answers."""
