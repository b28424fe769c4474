"""Training of adapters: its page, and what it shows."""
