"""History: chats of other programs, read from their exports and files and made into our own."""
