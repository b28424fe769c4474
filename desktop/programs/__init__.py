"""Page about other programs of this computer, which Inglenook can answer."""
