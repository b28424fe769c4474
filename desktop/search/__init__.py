"""Search dialog over all chats and documents."""
