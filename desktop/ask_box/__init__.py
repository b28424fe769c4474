"""Ask box: a small window over any program, opened by a key that works everywhere."""
