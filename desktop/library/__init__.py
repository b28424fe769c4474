"""The folders a chat answers from."""
