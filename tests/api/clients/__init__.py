"""Scripts that ask a running port by other people's clients; `packaging/try_clients.py` runs them.

Each takes address, token and model as arguments and prints what it has seen; a failed assertion
ends it. They import nothing of ours, and what they import is in no environment of ours.
"""
