"""Answers to other programs: the port's state, and what each call needs of engine and library."""
