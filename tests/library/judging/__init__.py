"""The judge of passages and statements."""
