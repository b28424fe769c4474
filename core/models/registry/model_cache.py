"""Cache of facts and checksums of model files on disk; it may be deleted at any time."""

import logging
from collections.abc import Container
from pathlib import Path
from typing import TypeVar

import msgspec
from msgspec import Struct

from core.base.data_files import read_data_file, write_data_file
from core.base.errors import StorageError
from core.models.info.model_facts import FileStamp, ModelFacts, is_unicode_path
from core.models.info.model_fit_cache import CachedFit
from core.models.stores import StoreModelFile

_log = logging.getLogger(__name__)

T = TypeVar("T")

VERSION = 2
"""Counts up when facts are read in another way; older ones are read again."""


class CachedChecksum(Struct, frozen=True, kw_only=True):
    """The SHA-256 of the very file that `stamp` tells."""

    stamp: FileStamp
    sha256: str


class ModelCacheContent(Struct, frozen=True, kw_only=True):
    """All that is remembered: by path, by folder, and what other programs hold."""

    version: int = VERSION
    facts: dict[str, ModelFacts] = {}
    folders: dict[str, tuple[str, ...]] = {}
    offered: tuple[StoreModelFile, ...] = ()
    fits: dict[str, CachedFit] = {}


class ModelCache:
    """Facts and checksums of one root. One thread uses it; another may write `encode_cache`."""

    def __init__(self, facts: Path, sums: Path) -> None:
        self._sums_path = sums
        kept = _read(facts, ModelCacheContent) or ModelCacheContent()
        if kept.version != VERSION:
            kept = ModelCacheContent(folders=kept.folders)
        self.facts: dict[str, ModelFacts] = dict(kept.facts)
        self.folders: dict[str, tuple[str, ...]] = dict(kept.folders)
        self.offered: tuple[StoreModelFile, ...] = kept.offered
        self.fits: dict[str, CachedFit] = dict(kept.fits)
        self.changed = False
        """Whether the disk doesn't know yet what is remembered."""
        self._sums: dict[str, CachedChecksum] = _read(sums, dict[str, CachedChecksum]) or {}

    def store_facts(self, path: str, facts: ModelFacts) -> None:
        """Remember a file; one whose name is no text can't be."""
        self.facts[path] = facts
        self.changed = True

    def retain_files(self, paths: Container[str]) -> None:
        """Forget all files but these."""
        self.facts = {path: facts for path, facts in self.facts.items() if path in paths}

    def encode_cache(self) -> bytes:
        """Return what is remembered of headers and folders, for the disk."""
        self.changed = False
        self.facts = {path: facts for path, facts in self.facts.items() if is_unicode_path(path)}
        kept = ModelCacheContent(
            facts=self.facts,
            folders=self.folders,
            offered=self.offered,
            fits={path: fit for path, fit in self.fits.items() if path in self.facts},
        )
        return msgspec.msgpack.encode(kept)

    def sampling_advice(self, path: str) -> dict[str, float]:
        """Return what a file's maker advises for sampling, by the names of `Sampling`."""
        facts = self.facts.get(path)
        return facts.advice if facts else {}

    def expected_sha256(self, path: str) -> str:
        """Return the SHA-256 that another program's naming gives a file, "" when none does."""
        return next((each.sha256 for each in self.offered if each.path == path), "")

    def known_sha256(self, path: str, stamp: FileStamp) -> str:
        """Return the checksum of the very file that `stamp` tells, "" when it isn't known."""
        known = self._sums.get(path)
        if known is None or known.stamp.version != stamp.version:
            return ""
        return known.sha256

    def store_sha256(self, path: str, stamp: FileStamp, sha256: str) -> None:
        """Remember a checksum; a disk that is full costs only computing it again."""
        self._sums[path] = CachedChecksum(stamp=stamp, sha256=sha256)
        try:
            write_data_file(self._sums_path, msgspec.msgpack.encode(self._sums))
        except StorageError:
            _log.exception("a checksum is not remembered")


def _read(path: Path, kind: type[T]) -> T | None:
    """Return what was remembered; damaged, it is as good as nothing."""
    try:
        return msgspec.msgpack.decode(read_data_file(path), type=kind)
    except FileNotFoundError:
        return None
    except (OSError, msgspec.MsgspecError, RecursionError):
        _log.warning("%s is unreadable; it is made again", path.name)
        return None
