"""Export and import of chats: Markdown, HTML and JSON."""
