"""Tasks that somebody waits for: search in single files, evaluation, change of the reranker."""
