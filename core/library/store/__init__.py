"""Store: the tables of library.db and everything that reads or writes them."""
