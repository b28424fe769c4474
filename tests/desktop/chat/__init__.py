"""Tests of chats in the window."""
