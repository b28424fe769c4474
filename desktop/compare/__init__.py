"""One question to two models or settings, side by side."""
