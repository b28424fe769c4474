"""Privacy: stored data and its erasure, the network report."""
