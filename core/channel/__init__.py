"""Local channel: through it terminals run commands in the process that holds the data folder."""
