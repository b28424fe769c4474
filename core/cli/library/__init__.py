"""Commands about the library: `folder`, `search` and `eval`."""
