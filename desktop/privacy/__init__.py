"""The privacy panel: what the network lock did, what is kept where, and erasing it."""
