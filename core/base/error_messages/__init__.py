"""Error messages: two sentences for each error code."""
