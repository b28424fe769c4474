"""Sync: bringing folders in step with the disk, at once and while they are watched."""
