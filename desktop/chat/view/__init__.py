"""Chat view: header, transcript or greeting, composer."""
