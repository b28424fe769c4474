"""Content digests as hubs give them: SHA-256 of large files, git's blob id of small ones."""

import hashlib
from typing import Protocol

KINDS = ("sha256", "git")


class Digest(Protocol):
    """A running digest, as hashlib makes it."""

    def update(self, data: bytes, /) -> None:
        """Add the next bytes."""

    def hexdigest(self) -> str:
        """Return the digest of all bytes added, in hex."""


def new_digest(digest: str, size: int) -> Digest:
    """Return a new digest of the kind of `digest` ("sha256:…" or "git:…"); `size` in bytes."""
    if digest.startswith("git:"):
        # Not for security: it is how git names a file's content.
        return hashlib.sha1(f"blob {size}\0".encode(), usedforsecurity=False)
    return hashlib.sha256()


def is_valid_digest(digest: str) -> bool:
    """Whether `digest` has the form of a digest that can verify a file."""
    kind, _colon, value = digest.partition(":")
    return kind in KINDS and len(value) in {40, 64} and set(value) <= set("0123456789abcdef")
