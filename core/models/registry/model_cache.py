"""Cache of facts and checksums of model files on disk, which may be deleted at any time."""

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
"""Increased when facts are read in another way; older facts are read again."""


class CachedChecksum(Struct, frozen=True, kw_only=True):
    """The SHA-256 of a file at the size and time of `stamp`."""

    stamp: FileStamp
    sha256: str


class ModelCacheContent(Struct, frozen=True, kw_only=True):
    """Content of the cache file: facts and plans by path, and the files that were found."""

    version: int = VERSION
    facts: dict[str, ModelFacts] = {}
    folders: dict[str, tuple[str, ...]] = {}
    offered: tuple[StoreModelFile, ...] = ()
    fits: dict[str, CachedFit] = {}


class ModelCache:
    """Facts and checksums of one root. One thread uses it; another may write the encoded cache."""

    def __init__(self, facts: Path, sums: Path) -> None:
        self._sums_path = sums
        content = _read(facts, ModelCacheContent) or ModelCacheContent()
        if content.version != VERSION:
            content = ModelCacheContent(folders=content.folders)
        self.facts: dict[str, ModelFacts] = dict(content.facts)
        self.folders: dict[str, tuple[str, ...]] = dict(content.folders)
        self.offered: tuple[StoreModelFile, ...] = content.offered
        self.fits: dict[str, CachedFit] = dict(content.fits)
        self.changed = False
        """Whether the file on disk is outdated."""
        self._sums: dict[str, CachedChecksum] = _read(sums, dict[str, CachedChecksum]) or {}

    def store_facts(self, path: str, facts: ModelFacts) -> None:
        """Store the facts of a file."""
        self.facts[path] = facts
        self.changed = True

    def retain_files(self, paths: Container[str]) -> None:
        """Remove the facts of all other files."""
        self.facts = {path: facts for path, facts in self.facts.items() if path in paths}

    def encode_cache(self) -> bytes:
        """Return the content for the disk, without files whose names are not valid Unicode."""
        self.changed = False
        self.facts = {path: facts for path, facts in self.facts.items() if is_unicode_path(path)}
        content = ModelCacheContent(
            facts=self.facts,
            folders=self.folders,
            offered=self.offered,
            fits={path: fit for path, fit in self.fits.items() if path in self.facts},
        )
        return msgspec.msgpack.encode(content)

    def sampling_advice(self, path: str) -> dict[str, float]:
        """Return the sampling parameters that a file recommends, by the names of `Sampling`."""
        facts = self.facts.get(path)
        return facts.advice if facts else {}

    def expected_sha256(self, path: str) -> str:
        """Return the SHA-256 by which another program names a file, "" if none does."""
        return next((each.sha256 for each in self.offered if each.path == path), "")

    def known_sha256(self, path: str, stamp: FileStamp) -> str:
        """Return the checksum of a file at the version of `stamp`, "" if it is unknown."""
        known = self._sums.get(path)
        if known is None or known.stamp.version != stamp.version:
            return ""
        return known.sha256

    def store_sha256(self, path: str, stamp: FileStamp, sha256: str) -> None:
        """Save a checksum; errors of writing are only logged."""
        self._sums[path] = CachedChecksum(stamp=stamp, sha256=sha256)
        try:
            write_data_file(self._sums_path, msgspec.msgpack.encode(self._sums))
        except StorageError:
            _log.exception("a checksum is not saved")


def _read(path: Path, kind: type[T]) -> T | None:
    """Return the content of a file, None if it is missing or damaged."""
    try:
        return msgspec.msgpack.decode(read_data_file(path), type=kind)
    except FileNotFoundError:
        return None
    except (OSError, msgspec.MsgspecError, RecursionError):
        _log.warning("%s is unreadable; it is made again", path.name)
        return None
