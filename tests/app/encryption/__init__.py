"""Tests of encryption: the key file, conversion, unlocking."""
