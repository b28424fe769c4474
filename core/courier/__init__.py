"""The only package that may open an internet socket, by consent; nothing needs it yet."""
