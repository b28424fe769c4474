"""Grammars: JSON schemas as GBNF, grammar limits, constrained generation."""
