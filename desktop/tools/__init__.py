"""Page about tools that models may call, and servers of the person's own."""
