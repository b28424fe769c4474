"""Text extraction from files, run inside a sandboxed child process."""
