"""Fakes at the border of a process: a child that is scripted instead of started."""
