"""Document library: files of folders become passages, and passages become search hits."""
