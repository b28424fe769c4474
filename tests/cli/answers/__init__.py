"""Ways to answer in a terminal: several times, and with only what is proven."""
