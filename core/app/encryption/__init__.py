"""Encryption of the data folder: its locked key, switching it on and off, unlocking."""
