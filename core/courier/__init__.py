"""Courier: the only package that opens internet sockets, only to hosts a person named.

| where | what it holds |
|---|---|
| `courier_child`, `client` | the two ends of the pipe: the child, and the front end's client |
| `connection` | host addresses, the gate, HTTP connections, the contact log, the key store |
| `downloads` | the file lists of a hub, and its files by ranged requests of our own |
| `servers` | answers of OpenAI-compatible servers, spread over their addresses |
| `update_check` | the signed manifest of versions |
| `selftest_server` | an HTTP server on loopback for the self-test |
"""
