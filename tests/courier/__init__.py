"""The courier, against servers on loopback."""
