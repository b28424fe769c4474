"""Library services: folders and single documents."""
