"""Tests of syncs, of what watches folders, and of maintenance."""
