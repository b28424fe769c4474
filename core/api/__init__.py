"""Child that answers other programs over HTTP on loopback, in the forms of three known APIs."""
