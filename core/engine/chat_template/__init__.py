"""Chat templates: sandboxed rendering, tokens of transcripts, thinking marks."""
