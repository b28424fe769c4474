"""Part file: an unfinished download, chunk by chunk, safe against a kill at any moment.

Beside the target lie `NAME.part` with the bytes and `NAME.part.json` with a line for what it is
and one for each chunk that is whole, with its CRC. A chunk is written before its line: what a kill
tears is fetched again, and nothing else. Everything is read back once, to be hashed; a chunk that
then differs from its line, as after a power cut, is fetched again too.
"""

import contextlib
import os
import threading
import zlib
from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO

import filelock
import msgspec

from core.base.errors import ErrorCode, NetworkError
from core.courier.downloads.content_digest import new_digest
from core.messages import DownloadTarget

CHUNK_BYTES = 1024 * 1024
LOCK_SECONDS = 5.0
"""How long the courier of a program that was just killed may still hold a file."""


class _Head(msgspec.Struct, frozen=True, kw_only=True):
    """The first line of a journal: whose bytes these are."""

    name: str
    commit: str
    size: int
    digest: str
    chunk: int = CHUNK_BYTES


class PartFile:
    """The bytes of one file. Threads may write; opening, reading back and finishing belong to one.

    Raises OSError where the disk refuses, NetworkError FETCH_BUSY while another process writes it.
    """

    def __init__(self, wanted: DownloadTarget, commit: str) -> None:
        self.wanted = wanted
        self._head = _Head(name=wanted.name, commit=commit, size=wanted.size, digest=wanted.digest)
        self.target = Path(wanted.target)
        self._part = part_path(self.target)
        self._journal = journal_path(self.target)
        self._lock = threading.Lock()  # the files and what is known of them
        self._crcs: dict[int, int] = {}
        self._done = 0
        self._frontier = 0
        self._hash = new_digest(wanted.digest, wanted.size)
        self._bytes: BinaryIO | None = None
        self._lines: BinaryIO | None = None
        self._owner = filelock.FileLock(f"{self._part}.lock")

    @property
    def chunk_count(self) -> int:
        """How many chunks the whole file has; the last one may be short."""
        return -(-self.wanted.size // CHUNK_BYTES)

    @property
    def bytes_done(self) -> int:
        """Bytes that are there."""
        return self._done

    @property
    def bytes_checked(self) -> int:
        """Bytes that were read back and hashed."""
        return min(self._frontier * CHUNK_BYTES, self.wanted.size)

    @property
    def is_complete(self) -> bool:
        """Whether every chunk is there and was read back."""
        return self._frontier == self.chunk_count

    def chunk_length(self, index: int) -> int:
        """Bytes of a chunk."""
        return min(CHUNK_BYTES, self.wanted.size - index * CHUNK_BYTES)

    def open_files(self) -> None:
        """Take the file over, with what an earlier try left of the very same file."""
        self.target.parent.mkdir(parents=True, exist_ok=True)
        try:
            self._owner.acquire(timeout=LOCK_SECONDS)
        except filelock.Timeout as error:
            raise NetworkError(ErrorCode.FETCH_BUSY, file=self.target.name) from error
        try:
            self._crcs = self._read_journal()
            self._done = sum(map(self.chunk_length, self._crcs))
            fresh = not self._crcs
            self._bytes = self._part.open("w+b" if fresh else "r+b")
            self._bytes.truncate(self.wanted.size)
            self._lines = self._journal.open("wb" if fresh else "ab")
            # A line of its own: the last one may have been torn.
            self._note(msgspec.json.encode(self._head) + b"\n" if fresh else b"\n")
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Let go of the files; what a late thread still writes is refused."""
        with self._lock:
            for file in (self._bytes, self._lines):
                if file is not None:
                    with contextlib.suppress(OSError):
                        file.close()
            self._bytes = self._lines = None
        self._owner.release()

    def has_chunk(self, index: int) -> bool:
        """Whether a chunk is there."""
        with self._lock:
            return index in self._crcs

    def write_chunk(self, index: int, data: bytes | bytearray) -> bool:
        """Keep a whole chunk; False when the file has been let go of in the meantime."""
        assert len(data) == self.chunk_length(index)
        crc = zlib.crc32(data)
        with self._lock:
            if self._bytes is None:
                return False
            self._bytes.seek(index * CHUNK_BYTES)
            self._bytes.write(data)
            self._bytes.flush()
            self._note(f"{index} {crc}\n".encode())
            self._done += 0 if index in self._crcs else len(data)
            self._crcs[index] = crc
        return True

    def verify_next_chunk(self) -> bool:
        """Read back and hash the next chunk, if it is there; False when there is nothing to do.

        One that differs from what was written is forgotten, to be fetched again.
        """
        index = self._frontier
        if index == self.chunk_count or not self.has_chunk(index):
            return False
        with self._lock:
            assert self._bytes is not None
            self._bytes.seek(index * CHUNK_BYTES)
            data = self._bytes.read(self.chunk_length(index))
            if zlib.crc32(data) != self._crcs[index]:
                del self._crcs[index]
                self._done -= self.chunk_length(index)
                return True
        self._hash.update(data)
        self._frontier += 1
        return True

    def is_verified(self) -> bool:
        """Whether the whole file is the one that was announced."""
        return self.is_complete and self._hash.hexdigest() == self.wanted.digest.partition(":")[2]

    def flush_to_disk(self) -> None:
        """Have the disk hold every byte, before the file gets its name."""
        with self._lock:
            assert self._bytes is not None
            os.fsync(self._bytes.fileno())

    def rename_to_target(self) -> None:
        """Give the file its name: from now on it is listed."""
        self.close()
        self._part.replace(self.target)
        self.remove_files()

    def remove_files(self) -> None:
        """Remove what is left of the fetch."""
        self.close()
        remove_part_files(self.target)

    def _note(self, line: bytes) -> None:
        assert self._lines is not None
        self._lines.write(line)
        self._lines.flush()

    def _read_journal(self) -> dict[int, int]:
        """Return the chunks that an earlier try left; none if it was of another file."""
        try:
            first, *lines = self._journal.read_bytes().split(b"\n")
            if msgspec.json.decode(first, type=_Head) != self._head or not self._part.is_file():
                return {}
        except (OSError, msgspec.MsgspecError):
            return {}
        return parse_journal_lines(lines[:-1], self.chunk_count)


def parse_journal_lines(lines: list[bytes], chunks: int) -> dict[int, int]:
    """Return the CRC of each chunk that a journal's whole lines name."""
    crcs = {}
    for line in lines:
        words = line.split()
        if len(words) == 2 and all(word.isdigit() for word in words) and int(words[0]) < chunks:
            crcs[int(words[0])] = int(words[1])
    return crcs


def part_path(target: Path) -> Path:
    """Return where the bytes of a file lie that is not whole yet."""
    return target.with_name(target.name + ".part")


def journal_path(target: Path) -> Path:
    """Return where it is written down which of them are there."""
    return target.with_name(target.name + ".part.json")


def remove_part_files(target: Path) -> None:
    """Remove what a fetch left beside `target`; a file that won't go stays, harmless."""
    part = part_path(target)
    for path in (part, journal_path(target), Path(f"{part}.lock")):
        with contextlib.suppress(OSError):
            path.unlink(missing_ok=True)


def file_matches_digest(path: Path, digest: str, size: int) -> bool:
    """Whether the file at `path` is whole and the announced one; reads all of it."""
    try:
        if path.stat().st_size != size:
            return False
        sum_ = new_digest(digest, size)
        with path.open("rb") as file:
            while data := file.read(CHUNK_BYTES):
                sum_.update(data)
    except OSError:
        return False
    return sum_.hexdigest() == digest.partition(":")[2]


def downloaded_bytes(files: Iterable[DownloadTarget]) -> int:
    """Return how many bytes of files are here, as far as their journals say."""
    total = 0
    for wanted in files:
        target = Path(wanted.target)
        with contextlib.suppress(OSError):
            if target.stat().st_size == wanted.size:
                total += wanted.size
                continue
        with contextlib.suppress(OSError):
            chunks = -(-wanted.size // CHUNK_BYTES)
            lines = journal_path(target).read_bytes().split(b"\n")[1:-1]
            there = parse_journal_lines(lines, chunks)
            total += sum(min(CHUNK_BYTES, wanted.size - index * CHUNK_BYTES) for index in there)
    return total
