"""Part file: an unfinished download, chunk by chunk, safe against a kill at any moment.

Two files stand beside the target: `NAME.part` with the bytes, and the journal `NAME.part.json`
with one line that identifies the file and one for each complete chunk, with its CRC. A chunk is
written before its line, so that a kill costs the chunks being written and no other. Everything is
read back once to be hashed; a chunk that then differs from its CRC, as after a power cut, is
downloaded again too.
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

from core.base.atomic_write import replace_file
from core.base.errors import ErrorCode, NetworkError
from core.courier.downloads.content_digest import new_digest
from core.messages import DownloadTarget

CHUNK_BYTES = 1024 * 1024
LOCK_SECONDS = 5.0
"""How long the courier of a program that was just killed may still have a file open."""


class _JournalHead(msgspec.Struct, frozen=True, kw_only=True):
    """The first line of a journal: the file that the bytes belong to."""

    name: str
    commit: str
    size: int
    digest: str
    chunk: int = CHUNK_BYTES


class PartFile:
    """The downloaded bytes of one file. Any thread may write; all else belongs to one thread.

    Raises OSError when the disk fails, NetworkError(FETCH_BUSY) while another process writes it.
    """

    def __init__(self, file: DownloadTarget, commit: str) -> None:
        self.file = file
        self._head = _JournalHead(name=file.name, commit=commit, size=file.size, digest=file.digest)
        self.target = Path(file.target)
        self._part = part_path(self.target)
        self._journal = journal_path(self.target)
        self._lock = threading.Lock()  # the two files, `_crcs` and `_done`
        self._crcs: dict[int, int] = {}
        self._done = 0
        self._next_to_verify = 0
        self._hash = new_digest(file.digest, file.size)
        self._part_file: BinaryIO | None = None
        self._journal_file: BinaryIO | None = None
        self._file_lock = filelock.FileLock(f"{self._part}.lock")

    @property
    def chunk_count(self) -> int:
        """Chunks of the complete file; the last one may be shorter than CHUNK_BYTES."""
        return -(-self.file.size // CHUNK_BYTES)

    @property
    def bytes_done(self) -> int:
        """Bytes of the chunks that are there."""
        return self._done

    @property
    def bytes_checked(self) -> int:
        """Bytes that were read back and hashed."""
        return min(self._next_to_verify * CHUNK_BYTES, self.file.size)

    @property
    def is_complete(self) -> bool:
        """Whether every chunk is there and was read back."""
        return self._next_to_verify == self.chunk_count

    def chunk_length(self, index: int) -> int:
        """Return the bytes of a chunk."""
        return min(CHUNK_BYTES, self.file.size - index * CHUNK_BYTES)

    def open_files(self) -> None:
        """Open part and journal, with the chunks that an earlier try left of the very same file."""
        self.target.parent.mkdir(parents=True, exist_ok=True)
        try:
            self._file_lock.acquire(timeout=LOCK_SECONDS)
        except filelock.Timeout as error:
            raise NetworkError(ErrorCode.FETCH_BUSY, file=self.target.name) from error
        try:
            self._crcs = self._read_journal()
            self._done = sum(map(self.chunk_length, self._crcs))
            fresh = not self._crcs
            self._part_file = self._part.open("w+b" if fresh else "r+b")
            self._part_file.truncate(self.file.size)
            self._journal_file = self._journal.open("wb" if fresh else "ab")
            # Begins a new line: the last one may be incomplete.
            self._write_line(msgspec.json.encode(self._head) + b"\n" if fresh else b"\n")
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Close the files; a thread that writes later is refused."""
        with self._lock:
            for file in (self._part_file, self._journal_file):
                if file is not None:
                    with contextlib.suppress(OSError):
                        file.close()
            self._part_file = self._journal_file = None
        self._file_lock.release()

    def has_chunk(self, index: int) -> bool:
        """Whether a chunk is there."""
        with self._lock:
            return index in self._crcs

    def write_chunk(self, index: int, data: bytes | bytearray) -> bool:
        """Write a complete chunk; False when the files have been closed in the meantime."""
        assert len(data) == self.chunk_length(index)
        crc = zlib.crc32(data)
        with self._lock:
            if self._part_file is None:
                return False
            self._part_file.seek(index * CHUNK_BYTES)
            self._part_file.write(data)
            self._part_file.flush()
            self._write_line(f"{index} {crc}\n".encode())
            self._done += 0 if index in self._crcs else len(data)
            self._crcs[index] = crc
        return True

    def verify_next_chunk(self) -> bool:
        """Read back and hash the next chunk; False if it is not there yet, or all are verified.

        A chunk that differs from what was written is missing again.
        """
        index = self._next_to_verify
        if index == self.chunk_count or not self.has_chunk(index):
            return False
        with self._lock:
            assert self._part_file is not None
            self._part_file.seek(index * CHUNK_BYTES)
            data = self._part_file.read(self.chunk_length(index))
            if zlib.crc32(data) != self._crcs[index]:
                del self._crcs[index]
                self._done -= self.chunk_length(index)
                return True
        self._hash.update(data)
        self._next_to_verify += 1
        return True

    def is_verified(self) -> bool:
        """Whether the file is complete and has the digest that was announced."""
        return self.is_complete and self._hash.hexdigest() == self.file.digest.partition(":")[2]

    def flush_to_disk(self) -> None:
        """Write every byte to the disk itself, before the file is renamed."""
        with self._lock:
            assert self._part_file is not None
            os.fsync(self._part_file.fileno())

    def rename_to_target(self) -> None:
        """Rename the part to its target: from now on it is found as a model."""
        self.close()
        replace_file(self._part, self.target)
        self.remove_files()

    def remove_files(self) -> None:
        """Remove part, journal and lock file."""
        self.close()
        remove_part_files(self.target)

    def _write_line(self, line: bytes) -> None:
        assert self._journal_file is not None
        self._journal_file.write(line)
        self._journal_file.flush()

    def _read_journal(self) -> dict[int, int]:
        """Return the CRCs of an earlier try's chunks; none if it was of another file."""
        try:
            first, *lines = self._journal.read_bytes().split(b"\n")
            if (
                msgspec.json.decode(first, type=_JournalHead) != self._head
                or not self._part.is_file()
            ):
                return {}
        except (OSError, msgspec.MsgspecError):
            return {}
        return parse_journal_lines(lines[:-1], self.chunk_count)


def parse_journal_lines(lines: list[bytes], chunks: int) -> dict[int, int]:
    """Return the CRC of each chunk in the complete lines of a journal."""
    crcs = {}
    for line in lines:
        words = line.split()
        if len(words) == 2 and all(word.isdigit() for word in words) and int(words[0]) < chunks:
            crcs[int(words[0])] = int(words[1])
    return crcs


def part_path(target: Path) -> Path:
    """Return the path of the bytes of an unfinished file."""
    return target.with_name(target.name + ".part")


def journal_path(target: Path) -> Path:
    """Return the path of the journal of an unfinished file."""
    return target.with_name(target.name + ".part.json")


def remove_part_files(target: Path) -> None:
    """Remove part, journal and lock file beside `target`, as far as the system allows."""
    part = part_path(target)
    for path in (part, journal_path(target), Path(f"{part}.lock")):
        with contextlib.suppress(OSError):
            path.unlink(missing_ok=True)


def file_matches_digest(path: Path, digest: str, size: int) -> bool:
    """Whether the file at `path` has this digest and size; reads all of it."""
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
    """Return how many bytes of files are here, according to their journals."""
    total = 0
    for file in files:
        target = Path(file.target)
        with contextlib.suppress(OSError):
            if target.stat().st_size == file.size:
                total += file.size
                continue
        with contextlib.suppress(OSError):
            chunks = -(-file.size // CHUNK_BYTES)
            lines = journal_path(target).read_bytes().split(b"\n")[1:-1]
            found = parse_journal_lines(lines, chunks)
            total += sum(min(CHUNK_BYTES, file.size - index * CHUNK_BYTES) for index in found)
    return total
