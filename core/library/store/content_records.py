"""Content records in library.db: contents, sections, passages, vectors and word index rows."""

import hashlib
import zlib
from collections import deque
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

import apsw
import msgspec
import uuid_utils

from core.base.database import transaction
from core.library.embedding.vector_types import Vectors
from core.library.store.removed_words import note_removed_words
from core.library.text.passage_splitter import SplitText
from core.library.text.script_tokens import tokenize_for_index
from core.library.text.section_grouping import TextSection, group_into_sections
from core.messages import DocumentPage

_PAGES = msgspec.msgpack.Decoder(tuple[DocumentPage, ...])

_SECTIONS_A_STEP = 150
"""Sections stored at once, about 900 passages: a tenth of a second."""
_DELETED_A_STEP = 60


def unpack_pages(packed: bytes) -> tuple[DocumentPage, ...]:
    """Return the pages of a stored content. Raises zlib.error or msgspec.DecodeError if damaged."""
    return _PAGES.decode(zlib.decompress(packed))


def file_hash(content_hash: str) -> str:
    """Return the hash of a file's bytes from that of its stored text.

    A text that is read again, stored ahead or dropped has words before its hash, or none, so that
    no file is linked to it.
    """
    return content_hash.rpartition(" ")[2]


def vector_key(embedder: str, text: str) -> bytes:
    """Return the key of a vector: the hash of the embedder's name and the embedded text."""
    return hashlib.blake2b(f"{embedder}\0{text}".encode(), digest_size=16).digest()


@dataclass(frozen=True, slots=True)
class NewContent:
    """What was read of a file, whose `name` is without folders.

    `keys` has one key per passage; `vectors` the new ones among them, float32 of unit length.
    """

    content_hash: str
    name: str
    pages: tuple[DocumentPage, ...]
    document: SplitText
    keys: Sequence[bytes]
    vectors: Mapping[bytes, Vectors]


class ContentRecords:
    """Texts of files, each once for its hash and name, and vectors by `vector_key`."""

    def __init__(self, connection: apsw.Connection) -> None:
        self._connection = connection

    def find_content_id(self, content_hash: str, name: str) -> int | None:
        """Return the content that was read from these bytes under this name, if there is one."""
        row = self._connection.execute(
            "SELECT id FROM content WHERE hash = ? AND name = ?", (content_hash, name)
        ).fetchone()
        return cast("int", row[0]) if row else None

    def store_content(self, new: NewContent) -> int:
        """Store one text and return its id; within the caller's transaction."""
        content_id = self._insert_content(new, new.content_hash)
        self._insert_vectors(new.keys, new.vectors)
        self._insert_passages(content_id, new, group_into_sections(new.document))
        return content_id

    def store_content_ahead(self, new: NewContent) -> Iterator[int]:
        """Store a long text in short transactions, under a hash that no file has.

        Yields its id after each. Until `publish_content` it may be deleted as an orphan.
        """
        with transaction(self._connection):
            content_id = self._insert_content(new, f"ahead {uuid_utils.uuid7().hex}")
        yield content_id
        parts = group_into_sections(new.document)
        for start in range(0, len(parts), _SECTIONS_A_STEP):
            some = parts[start : start + _SECTIONS_A_STEP]
            with transaction(self._connection):
                if not self._is_stored_ahead(content_id):
                    return
                self._insert_vectors(new.keys[some[0].first : some[-1].last], new.vectors)
                self._insert_passages(content_id, new, some)
            yield content_id

    def publish_content(self, content_id: int, content_hash: str) -> bool:
        """Give a text that was stored ahead its hash; False if it was deleted meanwhile.

        Within the caller's transaction.
        """
        if not self._is_stored_ahead(content_id):
            return False
        self._connection.execute(
            "UPDATE content SET hash = ? WHERE id = ?", (content_hash, content_id)
        )
        return True

    def _is_stored_ahead(self, content_id: int) -> bool:
        found = self._connection.execute(
            "SELECT 1 FROM content WHERE id = ? AND hash LIKE 'ahead %'", (content_id,)
        )
        return found.fetchone() is not None

    def delete_orphans(self) -> Iterator[None]:
        """Delete texts that no file refers to any more, some sections a step, each a transaction.

        The row of a text goes last, so that after a kill the rest is found again.
        """
        orphans = deque(
            cast("int", row[0])
            for row in self._connection.execute(
                "SELECT id FROM content"
                " WHERE NOT EXISTS (SELECT 1 FROM file WHERE file.content_id = content.id)"
            ).fetchall()
        )
        yield from self._delete_contents(orphans, self._is_used)

    def delete_unknown(self, known: Container[tuple[str, str]]) -> Iterator[None]:
        """Delete texts whose (hash, name) is not known, as `delete_orphans` deletes others."""
        rows = self._connection.execute("SELECT id, hash, name FROM content").fetchall()
        unknown = deque(cast("int", row[0]) for row in rows if (row[1], row[2]) not in known)
        yield from self._delete_contents(unknown, lambda _content_id: False)

    def _delete_contents(
        self, orphans: deque[int], is_used: Callable[[int], bool]
    ) -> Iterator[None]:
        while orphans:
            with transaction(self._connection):
                most_left = _DELETED_A_STEP
                while orphans and most_left > 0:
                    deleted = (
                        0 if is_used(orphans[0]) else self._delete_sections(orphans[0], most_left)
                    )
                    if deleted == 0:
                        orphans.popleft()
                    most_left -= max(1, deleted)
            yield

    def _is_used(self, content_id: int) -> bool:
        """Return whether a file refers to the text again."""
        used = self._connection.execute("SELECT 1 FROM file WHERE content_id = ?", (content_id,))
        return used.fetchone() is not None

    def _delete_sections(self, content_id: int, most: int) -> int:
        """Delete sections of a text with their passages, and its row when there are none left.

        Returns how many. The text loses its hash first, so that no file is linked to it meanwhile.
        """
        execute = self._connection.execute
        rows = execute(
            "SELECT id FROM section WHERE content_id = ? LIMIT ?", (content_id, most)
        ).fetchall()
        if not rows:
            execute("DELETE FROM content WHERE id = ?", (content_id,))
            return 0
        execute(
            "UPDATE content SET hash = 'dropped ' || id WHERE id = ? AND hash NOT LIKE 'dropped %'",
            (content_id,),
        )
        note_removed_words(self._connection)
        for (section_id,) in rows:
            passages = execute(
                "SELECT id, vector_id FROM passage WHERE section_id = ?", (section_id,)
            ).fetchall()
            ids = [(row[0],) for row in passages]
            self._connection.executemany("DELETE FROM passage_words WHERE rowid = ?", ids)
            self._connection.executemany("DELETE FROM passage WHERE id = ?", ids)
            self._connection.executemany(
                "DELETE FROM vector WHERE id = ?1"
                " AND NOT EXISTS (SELECT 1 FROM passage WHERE vector_id = ?1)",
                {(row[1],) for row in passages},
            )
            execute("DELETE FROM section_words WHERE rowid = ?", (section_id,))
            execute("DELETE FROM section WHERE id = ?", (section_id,))
        return len(rows)

    def known_vectors(self, keys: Iterable[bytes]) -> set[bytes]:
        """Return which of `keys` already have a vector."""
        found: set[bytes] = set()
        for key in keys:
            if self._connection.execute("SELECT 1 FROM vector WHERE key = ?", (key,)).fetchone():
                found.add(key)
        return found

    def _insert_content(self, new: NewContent, content_hash: str) -> int:
        packed = zlib.compress(msgspec.msgpack.encode(new.pages), 1)
        self._connection.execute(
            "INSERT INTO content (hash, name, pages, words) VALUES (?, ?, ?, ?)",
            (content_hash, new.name, packed, len(new.document.text.split())),
        )
        return self._connection.last_insert_rowid()

    def _insert_vectors(self, keys: Sequence[bytes], vectors: Mapping[bytes, Vectors]) -> None:
        self._connection.executemany(
            "INSERT INTO vector (key, data) VALUES (?, ?) ON CONFLICT (key) DO NOTHING",
            [
                (key, vectors[key].astype("<f2").tobytes())
                for key in dict.fromkeys(keys)
                if key in vectors
            ],
        )

    def _insert_passages(
        self, content_id: int, new: NewContent, parts: Iterable[TextSection]
    ) -> None:
        document, keys = new.document, new.keys
        for section in parts:
            text = document.text[section.start : section.end]
            self._connection.execute(
                "INSERT INTO section (content_id, text) VALUES (?, ?)", (content_id, text)
            )
            section_id = self._connection.last_insert_rowid()
            self._insert_words("section", section_id, document.passages[section.first].title, text)
            for index in range(section.first, section.last):
                passage = document.passages[index]
                start = passage.start - section.start
                place = (start, passage.end - passage.start, passage.page, passage.line)
                self._connection.execute(
                    "INSERT INTO passage (content_id, section_id, vector_id, start, length, page,"
                    " line, heading, tokens) VALUES (?, ?, (SELECT id FROM vector WHERE key = ?),"
                    " ?, ?, ?, ?, ?, ?)",
                    (
                        content_id,
                        section_id,
                        keys[index],
                        *place,
                        passage.heading,
                        passage.tokens,
                    ),
                )
                passage_id = self._connection.last_insert_rowid()
                body = document.text[passage.start : passage.end]
                self._insert_words("passage", passage_id, passage.title, body)

    def _insert_words(self, table: str, id_: int, title: str, body: str) -> None:
        self._connection.execute(
            f"INSERT INTO {table}_words (rowid, title, body) VALUES (?, ?, ?)",  # noqa: S608
            (id_, tokenize_for_index(title), tokenize_for_index(body)),
        )

    def file_pages(self, folder_id: str, name: str) -> tuple[DocumentPage, ...] | None:
        """Return the text of an indexed file by the name a person reads, None if there is none."""
        row = self._connection.execute(
            "SELECT pages FROM file JOIN content ON content.id = file.content_id"
            " WHERE folder_id = ? AND file.name = ?",
            (folder_id, name),
        ).fetchone()
        return unpack_pages(cast("bytes", row[0])) if row else None

    def content_pages(self, content_id: int) -> tuple[DocumentPage, ...]:
        """Return the text of a content, nothing if it is gone."""
        row = self._connection.execute(
            "SELECT pages FROM content WHERE id = ?", (content_id,)
        ).fetchone()
        return unpack_pages(cast("bytes", row[0])) if row else ()
