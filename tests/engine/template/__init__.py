"""Tests of chat templates and grammars."""
