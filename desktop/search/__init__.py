"""One search box over chats and documents."""
