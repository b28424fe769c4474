"""Search: query syntax, both rankings, their fusion, relevance, diversity."""
