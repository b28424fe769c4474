"""Messages: widgets that show the text, code and formulas of a turn."""
