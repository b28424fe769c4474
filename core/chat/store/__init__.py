"""Chat store: chats.db, its tables, search and unsaved drafts."""
