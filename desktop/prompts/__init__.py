"""Prompts feature of the window: completion after "/", variables, editing, chat style."""
