"""Child processes: starting them, framed messages over pipes, clients and the network lock."""
