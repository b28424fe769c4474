"""Model downloads: requests, plans, and the store of unfinished ones."""
