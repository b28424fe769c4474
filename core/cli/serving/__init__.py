"""Commands about answers to other programs."""
