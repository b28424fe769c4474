"""Sources in the window: the passages behind an answer and the document viewer."""
