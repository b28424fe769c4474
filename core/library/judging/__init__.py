"""Judge of what was found: does a passage answer a question, does evidence support a statement."""
