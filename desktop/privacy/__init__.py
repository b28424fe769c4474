"""Privacy dialog: network lock, contact log, stored data, and erasing everything."""
