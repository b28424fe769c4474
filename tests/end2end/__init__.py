"""The real program with the real model: what a person does, from start to end."""
