"""File system: folder scans, paths of any bytes, kinds of places, change watching."""
