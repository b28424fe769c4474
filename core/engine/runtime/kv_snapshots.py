"""KV snapshots: states of sequences kept in memory and on disk for later reuse.

A state on disk is only a cache: one that doesn't match or is damaged is deleted silently, and the
transcript is read again. llama.cpp trusts the bytes it gets, so their checksum is compared before.
"""

import contextlib
import hashlib
import logging
import os
import struct
from collections import OrderedDict
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import msgspec
import numpy as np

from core.base.data_files import open_data_file, write_data_file
from core.base.errors import StorageError

_log = logging.getLogger(__name__)

STATE_SUFFIX = ".state"
_MAGIC = b"INGLSTA1"
_LENGTH = struct.Struct("<Q")
_MOST_HEADER = 64 << 20
SHORT_TOKENS = 128
"""States with fewer are soon read again."""
MOST_SHORT = 64
"""Most of them in memory: each is looked at for each prompt, and many would take longer."""


class KvSnapshot(msgspec.Struct, frozen=True):
    """The state `data` of a sequence that has read `tokens` (`LlamaContext.export_state`)."""

    tokens: tuple[int, ...]
    data: bytearray


class _Header(msgspec.Struct, frozen=True):
    key: str
    tokens: bytes  # int32, little endian
    size: int
    checksum: bytes  # SHA-256 of tokens and data


class KvSnapshotStore:
    """States in memory, the most recent up to a limit, and in files.

    `key` identifies everything that a state depends on: model, llama.cpp, adapters, cache. One
    thread calls; files are written by a thread of its own.
    """

    def __init__(self) -> None:
        self._parent: Path | None = None
        self._memory_limit = self._disk_limit = 0
        self._in_memory: OrderedDict[tuple[str, tuple[int, ...]], KvSnapshot] = OrderedDict()
        self._written: dict[Path, tuple[int, ...]] = {}  # tokens of the files that were used here
        self._writer = ThreadPoolExecutor(1, "state-writer")

    def configure_limits(self, parent: str, disk_limit: int, memory_limit: int) -> None:
        """Keep up to so many bytes in memory, and in the folders of `parent` ("": none)."""
        self._parent = Path(parent) if parent else None
        self._disk_limit = disk_limit if parent else 0
        self._memory_limit = memory_limit

    def find_longest(self, key: str, folder: str, prompt: Sequence[int]) -> KvSnapshot | None:
        """Return the state with the longest common beginning with `prompt`, or None.

        It may have read more tokens than these.
        """
        best: KvSnapshot | None = None
        covered = 0
        for (stored_key, tokens), snapshot in self._in_memory.items():
            if stored_key == key and (common := common_prefix_length(tokens, prompt)) > covered:
                best, covered = snapshot, common
        if best:
            self._in_memory.move_to_end((key, best.tokens))
        path = _file(folder, key)
        found = _read(path, key, prompt, covered)
        if path and found:
            self._written[path] = found.tokens
        return found or best

    def written_tokens(self, key: str, folder: str) -> tuple[int, ...]:
        """Return the tokens of the state in `folder`, if it was written or read here."""
        path = _file(folder, key)
        return self._written.get(path, ()) if path else ()

    def keep_in_memory(self, key: str, snapshot: KvSnapshot) -> None:
        """Keep a state in memory; the oldest are dropped above the limit."""
        for stored_key, tokens in list(self._in_memory):
            if stored_key == key and snapshot.tokens[: len(tokens)] == tokens:
                del self._in_memory[stored_key, tokens]
        self._in_memory[key, snapshot.tokens] = snapshot
        short = [each for each in self._in_memory if len(each[1]) < SHORT_TOKENS]
        if len(short) > MOST_SHORT:
            del self._in_memory[short[0]]
        while sum(len(each.data) for each in self._in_memory.values()) > self._memory_limit:
            self._in_memory.popitem(last=False)

    def write_to_disk(self, key: str, folder: str, snapshot: KvSnapshot) -> None:
        """Write a state into `folder` in the background, if the folder is there."""
        path = _file(folder, key)
        if path is None:
            return
        self._written[path] = snapshot.tokens
        if len(snapshot.data) <= self._disk_limit:
            self._writer.submit(self._write, path, key, snapshot)

    def close(self) -> None:
        """Wait until the files are written."""
        self._writer.shutdown()

    def _write(self, path: Path, key: str, snapshot: KvSnapshot) -> None:
        """Runs on the writer's thread; if the disk refuses, the prompt is read again later."""
        tokens = np.asarray(snapshot.tokens, dtype="<i4").tobytes()
        checksum = _checksum(tokens, snapshot.data)
        header = msgspec.msgpack.encode(
            _Header(key=key, tokens=tokens, size=len(snapshot.data), checksum=checksum)
        )
        try:
            self._prune(len(snapshot.data))
            if path.parent.is_dir():
                write_data_file(path, _MAGIC, _LENGTH.pack(len(header)), header, snapshot.data)
        except StorageError as error:
            _log.warning("a state was not saved: %s", error.code)

    def _prune(self, coming: int) -> None:
        """Remove the files that were not used for longest, until `coming` bytes fit."""
        if self._parent is None:
            return
        files = []
        for path in self._parent.glob(f"*/*{STATE_SUFFIX}*"):  # and partial files
            with contextlib.suppress(OSError):
                status = path.stat()
                files.append((status.st_mtime_ns, status.st_size, path))
        total = sum(size for _time, size, _path in files) + coming
        for _time, size, path in sorted(files):
            if total <= self._disk_limit:
                return
            with contextlib.suppress(OSError):
                path.unlink()
            total -= size


def common_prefix_length(one: Sequence[int], other: Sequence[int]) -> int:
    """Return the length of the common beginning."""
    for place, (left, right) in enumerate(zip(one, other, strict=False)):
        if left != right:
            return place
    return min(len(one), len(other))


def _checksum(tokens: bytes, data: bytearray) -> bytes:
    digest = hashlib.sha256(tokens)
    digest.update(data)
    return digest.digest()


def _file(folder: str, key: str) -> Path | None:
    return Path(folder, key[:32] + STATE_SUFFIX) if folder else None


def _read(path: Path | None, key: str, prompt: Sequence[int], covered: int) -> KvSnapshot | None:
    """Return the state in a file if it is whole and covers more than `covered` tokens."""
    if path is None:
        return None
    try:
        with open_data_file(path) as file:
            if file.read(len(_MAGIC)) != _MAGIC:
                raise ValueError("no state")
            (length,) = _LENGTH.unpack(file.read(_LENGTH.size))
            if length > _MOST_HEADER:
                raise ValueError("header too long")
            header = msgspec.msgpack.decode(file.read(length), type=_Header)
            tokens = tuple(np.frombuffer(header.tokens, dtype="<i4").tolist())
            if header.key != key:
                raise ValueError("of another model")
            if common_prefix_length(tokens, prompt) <= covered:
                return None
            data = bytearray(min(header.size, path.stat().st_size))
            read = file.readinto(data)
        if read != header.size or _checksum(header.tokens, data) != header.checksum:
            raise ValueError("damaged")
        _note_use(path)
    except FileNotFoundError:
        return None
    except (OSError, ValueError, struct.error, msgspec.MsgspecError, StorageError) as error:
        _log.info("a state was deleted: %s", type(error).__name__)
        with contextlib.suppress(OSError):
            path.unlink()
        return None
    return KvSnapshot(tokens, data)


def _note_use(path: Path) -> None:
    """Set a file's time to now; by its descriptor, since this role may set no time by a name."""
    if os.utime not in os.supports_fd:
        path.touch()
        return
    with path.open("rb") as file:
        os.utime(file.fileno())
