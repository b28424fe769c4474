"""Client side of the library child, used by the front end."""
