"""One module per family of files; each turns a file into pages of text, inside the child."""
