"""A cipher for data files: not safe, but nothing under it is plain."""

import hashlib
import os
from pathlib import Path


class ToyCipher:
    """Each content under a stream of its own, with a checksum; good enough to see what is plain."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def encrypt(self, path: Path, *parts: bytes | bytearray) -> bytes:
        content = b"".join(parts)
        nonce = os.urandom(16)
        return nonce + self._mixed(nonce, self._checksum(content) + content)

    def decrypt(self, path: Path, content: bytes, /) -> bytes:
        plain = self._mixed(content[:16], content[16:])
        if self._checksum(plain[32:]) != plain[:32]:
            raise ValueError("another key")
        return plain[32:]

    def _checksum(self, content: bytes) -> bytes:
        return hashlib.sha256(self._key + content).digest()

    def _mixed(self, nonce: bytes, content: bytes) -> bytes:
        stream = hashlib.shake_256(self._key + nonce).digest(len(content))
        return bytes(one ^ other for one, other in zip(content, stream, strict=True))
