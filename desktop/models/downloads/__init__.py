"""Model downloads: catalog, download dialog and list."""
