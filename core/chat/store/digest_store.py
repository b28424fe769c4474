"""Digest store in chats.db: what a model wrote of parts of documents, so that it isn't read twice.

A key is a hash of all that the text depends on: the prompt with the part's text, the model and its
settings. The document is named beside it, so that a digest goes with the document it is of.
"""

import hashlib
from collections.abc import Iterable

import apsw
from msgspec import Struct

from core.base.clock import WallClock
from core.base.database import Migration, transaction

MIGRATIONS: tuple[Migration, ...] = (
    (
        "2026-12-digests",
        """
        CREATE TABLE digests (
            key BLOB PRIMARY KEY,
            folder_id TEXT NOT NULL,           -- "" for files that were picked, or for several
            content_hash TEXT NOT NULL,
            text TEXT NOT NULL,
            used REAL NOT NULL
        ) STRICT;
        CREATE INDEX digests_of_folder ON digests (folder_id, content_hash);
        CREATE INDEX digests_by_use ON digests (used);
        """,
    ),
)
MOST_DIGESTS = 20_000
"""Digests that are kept, those used last: some 15 MB."""
_DELETED_AT_ONCE = 500


class DigestOrigin(Struct, frozen=True):
    """What a digest was made of; it goes when one of its folders or files does."""

    folder_id: str = ""
    content_hash: str = ""


def digest_key(*parts: str) -> bytes:
    """Return the key of what a digest depends on."""
    return hashlib.blake2b("\0".join(parts).encode(), digest_size=24).digest()


class NoDigests:
    """Keeps nothing, for a chat that isn't saved."""

    def find_digest(self, _key: bytes) -> str | None:
        """Return None: nothing is known."""
        return None

    def save_digest(self, _key: bytes, _text: str, _origin: DigestOrigin) -> None:
        """Do nothing."""


class DigestStore:
    """Part of `ChatDatabase`; raises StorageError. Nothing of temporary chats is saved here."""

    def __init__(self, db: apsw.Connection, clock: WallClock) -> None:
        self._db = db
        self._clock = clock

    def find_digest(self, key: bytes) -> str | None:
        """Return a text that is known, None for none."""
        row = self._db.execute("SELECT text FROM digests WHERE key = ?", (key,)).fetchone()
        return None if row is None else str(row[0])

    def save_digest(self, key: bytes, text: str, origin: DigestOrigin) -> None:
        """Save a text at once; the ones unused for longest go when there are too many."""
        with transaction(self._db):
            self._db.execute(
                "INSERT OR REPLACE INTO digests VALUES (?, ?, ?, ?, ?)",
                (key, origin.folder_id, origin.content_hash, text, self._clock()),
            )
            row = self._db.execute("SELECT count(*) FROM digests").fetchone()
            if row is not None and int(str(row[0])) > MOST_DIGESTS:
                self._db.execute(
                    "DELETE FROM digests WHERE key IN"
                    " (SELECT key FROM digests ORDER BY used LIMIT ?)",
                    (_DELETED_AT_ONCE,),
                )

    def known_folders(self) -> frozenset[str]:
        """Return the folders that digests were made of."""
        rows = self._db.execute("SELECT DISTINCT folder_id FROM digests WHERE folder_id <> ''")
        return frozenset(str(row[0]) for row in rows)

    def forget_folder(self, folder_id: str) -> None:
        """Delete what was made of a folder, and what was made of several documents at once."""
        with transaction(self._db):
            self._db.execute("DELETE FROM digests WHERE folder_id IN (?, '')", (folder_id,))

    def forget_missing(self, folder_id: str, hashes: Iterable[str]) -> None:
        """Delete what was made of files that a folder holds no more; `hashes` are those it holds.

        With them goes what was made of several documents at once.
        """
        held = set(hashes)
        rows = self._db.execute(
            "SELECT DISTINCT content_hash FROM digests WHERE folder_id = ?", (folder_id,)
        )
        gone = [(folder_id, str(row[0])) for row in rows if row[0] not in held]
        if not gone:
            return
        with transaction(self._db):
            self._db.executemany(
                "DELETE FROM digests WHERE folder_id = ? AND content_hash = ?", gone
            )
            self._db.execute("DELETE FROM digests WHERE folder_id = ''")
