"""Citations: which passage supports which sentence of an answer."""
