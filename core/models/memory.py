"""What was read of model files, remembered on disk: it may be deleted at any time."""

import logging
from collections.abc import Container
from pathlib import Path
from typing import TypeVar

import msgspec
from msgspec import Struct

from core.errors import StorageError
from core.models.facts import Facts, Stamp, is_text
from core.models.fits import KeptFit
from core.models.stores import Found
from core.storage import write_aside

_log = logging.getLogger(__name__)

T = TypeVar("T")

VERSION = 2
"""Counts up when facts are read in another way; older ones are read again."""


class Sum(Struct, frozen=True, kw_only=True):
    """The SHA-256 of the very file that `stamp` tells."""

    stamp: Stamp
    sha256: str


class Kept(Struct, frozen=True, kw_only=True):
    """All that is remembered: by path, by folder, and what other programs hold."""

    version: int = VERSION
    facts: dict[str, Facts] = {}
    folders: dict[str, tuple[str, ...]] = {}
    offered: tuple[Found, ...] = ()
    fits: dict[str, KeptFit] = {}


class Memory:
    """Facts and checksums of one root. One thread uses it; `packed` may be written by another."""

    def __init__(self, facts: Path, sums: Path) -> None:
        self._sums_path = sums
        kept = _read(facts, Kept) or Kept()
        if kept.version != VERSION:
            kept = Kept(folders=kept.folders)
        self.facts: dict[str, Facts] = dict(kept.facts)
        self.folders: dict[str, tuple[str, ...]] = dict(kept.folders)
        self.offered: tuple[Found, ...] = kept.offered
        self.fits: dict[str, KeptFit] = dict(kept.fits)
        self.changed = False
        """Whether the disk doesn't know yet what is remembered."""
        self._sums: dict[str, Sum] = _read(sums, dict[str, Sum]) or {}

    def keep(self, path: str, facts: Facts) -> None:
        """Remember a file; one whose name is no text can't be."""
        self.facts[path] = facts
        self.changed = True

    def only(self, paths: Container[str]) -> None:
        """Forget all files but these."""
        self.facts = {path: facts for path, facts in self.facts.items() if path in paths}

    def packed(self) -> bytes:
        """Return what is remembered of headers and folders, for the disk."""
        self.changed = False
        self.facts = {path: facts for path, facts in self.facts.items() if is_text(path)}
        kept = Kept(
            facts=self.facts,
            folders=self.folders,
            offered=self.offered,
            fits={path: fit for path, fit in self.fits.items() if path in self.facts},
        )
        return msgspec.msgpack.encode(kept)

    def advice(self, path: str) -> dict[str, float]:
        """Return what a file's maker advises for sampling, by the names of `Sampling`."""
        facts = self.facts.get(path)
        return facts.advice if facts else {}

    def expected_sum(self, path: str) -> str:
        """Return the SHA-256 that another program's naming gives a file, "" when none does."""
        return next((each.sha256 for each in self.offered if each.path == path), "")

    def sha256(self, path: str, stamp: Stamp) -> str:
        """Return the checksum of the very file that `stamp` tells, "" when it isn't known."""
        known = self._sums.get(path)
        if known is None or known.stamp.version != stamp.version:
            return ""
        return known.sha256

    def keep_sum(self, path: str, stamp: Stamp, sha256: str) -> None:
        """Remember a checksum; a disk that is full costs only computing it again."""
        self._sums[path] = Sum(stamp=stamp, sha256=sha256)
        try:
            write_aside(self._sums_path, msgspec.msgpack.encode(self._sums))
        except StorageError:
            _log.exception("a checksum is not remembered")


def _read(path: Path, kind: type[T]) -> T | None:
    """Return what was remembered; damaged, it is as good as nothing."""
    try:
        return msgspec.msgpack.decode(path.read_bytes(), type=kind)
    except FileNotFoundError:
        return None
    except (OSError, msgspec.MsgspecError, RecursionError):
        _log.warning("%s is unreadable; it is made again", path.name)
        return None
