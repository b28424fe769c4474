"""Commands about chats: `ask` and `chat`."""
