"""Content digests a hub gives: SHA-256 of large files, git's blob id of small ones."""

import hashlib
from typing import Protocol

KINDS = ("sha256", "git")


class Digest(Protocol):
    """What bytes are fed to."""

    def update(self, data: bytes, /) -> None:
        """Take the next bytes."""

    def hexdigest(self) -> str:
        """Return the digest of all of them."""


def new_digest(digest: str, size: int) -> Digest:
    """Return a fresh digest of the kind that `digest` ("sha256:…" or "git:…") is."""
    if digest.startswith("git:"):
        # Not for safety: it is how git names a file's content.
        return hashlib.sha1(f"blob {size}\0".encode(), usedforsecurity=False)
    return hashlib.sha256()


def is_valid_digest(digest: str) -> bool:
    """Whether `digest` can prove a file."""
    kind, _colon, value = digest.partition(":")
    return kind in KINDS and len(value) in {40, 64} and set(value) <= set("0123456789abcdef")
