"""Commands of `inglenook bench`."""
