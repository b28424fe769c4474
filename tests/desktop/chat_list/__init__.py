"""Tests of the list of chats."""
