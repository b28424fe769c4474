"""The middle of the window: transcript, composer and the list of chats."""
