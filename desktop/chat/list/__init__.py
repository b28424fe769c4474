"""Chat list: saved chats, groups and the trash."""
