"""Vector index: segments in a vector store, built from library.db, and exact search."""
