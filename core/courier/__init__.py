"""The only package that may open an internet socket, and only to hosts a person named.

| file | what it holds |
|---|---|
| `address` | addresses as people write them; what may be sent where |
| `contacts` | the privacy log: every host that was contacted, when, why, and how many bytes came |
| `gate` | refuses every host that no request named |
| `web` | HTTP connections that pass the gate and are written into the log |
| `hub` | what a repository holds, by huggingface_hub |
| `part_file`, `download`, `source` | the bytes of files, by ranged requests of our own |
| `keys` | keys and tokens in the system's key store |
| `update` | the signed manifest of versions |
| `remote`, `sse` | answers of OpenAI-compatible servers |
| `child`, `client` | the two ends of the pipe |
"""
