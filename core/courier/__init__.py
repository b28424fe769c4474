"""Courier: the only package that opens internet sockets, only to hosts a person named.

| file | what it holds |
|---|---|
| `address` | addresses as people write them; what may be sent where |
| `contacts` | the privacy log: every host that was contacted, when, why, and how many bytes came |
| `gate` | refuses every host that no request named |
| `web` | HTTP connections that pass the gate and are written into the log |
| `hub` | what a repository holds, by huggingface_hub |
| `part_file`, `runs`, `source`, `download` | the bytes of files, by ranged requests of our own |
| `digest` | SHA-256, and git's name of a small file's content |
| `keys` | keys and tokens in the system's key store |
| `update` | the signed manifest of versions |
| `remote`, `stream`, `written`, `loads` | answers of servers, spread over their addresses |
| `stop` | a Stop that also wakes whoever waits for a silent server |
| `child`, `client` | the two ends of the pipe |
"""
