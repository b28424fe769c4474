"""File reading: text through extractor children, recognition of scans, content hashes."""
