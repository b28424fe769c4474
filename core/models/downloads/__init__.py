"""Model downloads: requests, plans and the record of unfinished ones."""
