"""Integrity check of library.db and of the index, with repair."""

import time
from collections.abc import Iterator
from typing import cast

import apsw
import numpy as np

from core.base.clock import Clock
from core.base.database import transaction
from core.library.embedding.embedder import Embedder
from core.library.embedding.vector_types import Vectors
from core.library.index.vector_index import VectorIndex
from core.library.maintenance.unreadable_contents import unreadable_contents
from core.library.store.file_records import FileRecords
from core.library.text.passage_splitter import TITLE_TOKENS, text_to_embed, title_path
from core.library.text.script_tokens import tokenize_for_index
from core.messages import LibraryDamage, LibraryVerified

_ROWS_A_STEP = 2000
_SAMPLE = 64
"""Passages embedded once more: if one vector in a hundred is wrong, every second check finds it."""
_BATCH = 4
_LEAST_COSINE = 0.98
_LENGTH_ERROR = 0.02
"""A vector stored as float16 is off from unit length by less."""

_BAD_TEXTS = (
    "SELECT DISTINCT passage.content_id FROM passage"
    " LEFT JOIN section ON section.id = section_id LEFT JOIN vector ON vector.id = vector_id"
    " WHERE passage.id > ? AND passage.id <= ? AND (section.id IS NULL OR vector.id IS NULL"
    " OR section.content_id != passage.content_id OR start < 0"
    " OR start + passage.length > length(section.text))"
)
_EMPTY_TEXTS = (
    "SELECT id FROM content WHERE id > ? AND id <= ?"
    " AND NOT EXISTS (SELECT 1 FROM passage WHERE content_id = content.id)"
)
_STRAY_VECTORS = (
    "SELECT id FROM vector WHERE id > ? AND id <= ?"
    " AND NOT EXISTS (SELECT 1 FROM passage WHERE vector_id = vector.id)"
)
_WORDLESS = (
    "SELECT id FROM {table} WHERE id > ? AND id <= ?"
    " EXCEPT SELECT id FROM {table}_words_docsize WHERE id > ? AND id <= ?"
)
_TEXT_OF = {
    "section": "SELECT text, name, (SELECT heading FROM passage WHERE section_id = section.id"
    " ORDER BY id LIMIT 1) FROM section JOIN content ON content.id = content_id"
    " WHERE section.id = ?",
    "passage": "SELECT substr(text, start + 1, length), name, heading FROM passage"
    " JOIN section ON section.id = section_id JOIN content ON content.id = passage.content_id"
    " WHERE passage.id = ?",
}


class LibraryIntegrityCheck:
    """One check; call `check_result` at its end. apsw.CorruptError: the file is damaged."""

    def __init__(
        self,
        records: FileRecords,
        index: VectorIndex,
        embedder: Embedder,
        clock: Clock = time.monotonic,
    ) -> None:
        self._records = records
        self._connection = records.connection
        self._index = index
        self._embedder = embedder
        self._counter = embedder.token_counter
        self._clock = clock
        self._started = clock()
        self._findings: dict[str, int] = {}

    def check_result(self, request_id: str) -> LibraryVerified:
        """Return what was found; all of it is repaired, or will be by the next sync or update."""
        rows = self._connection.execute(
            "SELECT (SELECT count(*) FROM passage), (SELECT count(*) FROM vector)"
        )
        passages, vectors = cast("tuple[int, int]", rows.fetchone())
        return LibraryVerified(
            request_id=request_id,
            passages=passages,
            vectors=vectors,
            findings=tuple(
                LibraryDamage(kind=kind, count=count, mended=True)
                for kind, count in self._findings.items()
            ),
            seconds=self._clock() - self._started,
        )

    def check_in_steps(self) -> Iterator[bool]:
        """Check and repair; yields True between short steps."""
        yield from self._check_pages()
        yield from self._check_texts()
        yield from self._check_words()
        yield from self._check_vectors()
        for same in self._index.verify_in_steps():
            if not same:
                self._count_finding("index", 1)
            yield True

    def _count_finding(self, kind: str, count: int) -> None:
        if count:
            self._findings[kind] = self._findings.get(kind, 0) + count

    # ------------------------------------------------------------ SQLite

    def _check_pages(self) -> Iterator[bool]:
        """Let SQLite check each table with its indexes."""
        tables = self._connection.execute(
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND rootpage > 0"
        ).fetchall()
        for (name,) in tables:
            (verdict,) = self._connection.execute(
                f"PRAGMA integrity_check('{name}')"
            ).fetchone() or ("",)
            if verdict != "ok":
                raise apsw.CorruptError(str(verdict))
            yield True

    def _check_texts(self) -> Iterator[bool]:
        """Mark files for reading whose text is not whole; delete vectors that nothing refers to."""
        for statement, table in ((_BAD_TEXTS, "passage"), (_EMPTY_TEXTS, "content")):
            for first, last in self._ranges(table):
                bad = self._connection.execute(statement, (first, last)).fetchall()
                self._count_finding(
                    "texts", self._reread_files([cast("int", row[0]) for row in bad])
                )
                yield True
        for unreadable in unreadable_contents(self._connection):
            self._count_finding("texts", self._reread_files(unreadable))
            yield True
        for _step in self._records.contents.delete_orphans():  # what follows reads each text
            yield True
        for first, last in self._ranges("vector"):
            stray = self._connection.execute(_STRAY_VECTORS, (first, last)).fetchall()
            if stray:
                with transaction(self._connection):
                    self._connection.executemany("DELETE FROM vector WHERE id = ?", stray)
            self._count_finding("leftovers", len(stray))
            yield True

    def _reread_files(self, content_ids: list[int]) -> int:
        """Mark all files of these contents as waiting, and orphan these; return how many files."""
        files = 0
        with transaction(self._connection):
            for content_id in content_ids:
                # Without its hash no file is linked to it before it is deleted.
                self._connection.execute(
                    "UPDATE content SET hash = 'dropped ' || id WHERE id = ?", (content_id,)
                )
                self._connection.execute(
                    "UPDATE file SET waiting = 1, content_id = NULL WHERE content_id = ?",
                    (content_id,),
                )
                files += self._connection.changes()
        return files

    # ------------------------------------------------------------ word index

    def _check_words(self) -> Iterator[bool]:
        """Index the rows that the word index lacks; all of them if it is damaged."""
        for table in ("section", "passage"):
            if not self._is_whole(table):
                with transaction(self._connection):
                    self._connection.execute(
                        f"INSERT INTO {table}_words ({table}_words) VALUES ('delete-all')"  # noqa: S608
                    )
                yield True
            for first, last in self._ranges(table):
                lacking = self._connection.execute(
                    _WORDLESS.format(table=table), (first, last, first, last)
                ).fetchall()
                if lacking:
                    with transaction(self._connection):
                        for (id_,) in lacking:
                            self._index_words(table, cast("int", id_))
                self._count_finding("words", len(lacking))
                yield True

    def _is_whole(self, table: str) -> bool:
        try:
            self._connection.execute(
                f"INSERT INTO {table}_words ({table}_words) VALUES ('integrity-check')"  # noqa: S608
            )
        except apsw.CorruptError:
            return False
        return True

    def _index_words(self, table: str, id_: int) -> None:
        row = self._connection.execute(_TEXT_OF[table], (id_,)).fetchone()
        if row is None:
            return
        text, name, heading = cast("tuple[str, str, str | None]", row)
        self._connection.execute(
            f"INSERT INTO {table}_words (rowid, title, body) VALUES (?, ?, ?)",  # noqa: S608
            (id_, tokenize_for_index(self._title(name, heading or "")), tokenize_for_index(text)),
        )

    def _title(self, name: str, heading: str) -> str:
        return self._counter.truncate_text(title_path(name, heading), TITLE_TOKENS)

    # ------------------------------------------------------------ vectors

    def _check_vectors(self) -> Iterator[bool]:
        """Embed anew what has a wrong size or isn't of unit length; then compare a sample."""
        width = self._width()
        for first, last in self._ranges("vector"):
            rows = self._connection.execute(
                "SELECT id, data FROM vector WHERE id > ? AND id <= ?", (first, last)
            )
            bad = [cast("int", id_) for id_, data in rows if not _is_vector(data, width)]
            yield True
            yield from self._embed_anew(bad)
        yield from self._compare_sample()

    def _width(self) -> int:
        """Return how many bytes most vectors have."""
        row = self._connection.execute(
            "SELECT length(data) FROM vector GROUP BY 1 ORDER BY count(*) DESC LIMIT 1"
        ).fetchone()
        return cast("int", row[0]) if row else 0

    def _compare_sample(self) -> Iterator[bool]:
        """Embed some passages once more; where the vector differs, all passages of the content."""
        rows = self._connection.execute(
            "SELECT id, vector_id, content_id FROM passage ORDER BY random() LIMIT ?", (_SAMPLE,)
        ).fetchall()
        doubtful: set[int] = set()
        for start in range(0, len(rows), _BATCH):
            some = rows[start : start + _BATCH]
            fresh = self._embedder.embed([self._text_to_embed(cast("int", row[0])) for row in some])
            for (_id, vector_id, content_id), vector in zip(some, fresh, strict=True):
                stored = self._stored_vector(cast("int", vector_id))
                if stored is None or float(stored @ vector) < _LEAST_COSINE:
                    doubtful.add(cast("int", content_id))
            yield True
        for content_id in doubtful:
            found = self._connection.execute(
                "SELECT DISTINCT vector_id FROM passage WHERE content_id = ?", (content_id,)
            ).fetchall()
            yield from self._embed_anew([cast("int", row[0]) for row in found], compare=True)

    def _embed_anew(self, ids: list[int], *, compare: bool = False) -> Iterator[bool]:
        """Replace these vectors by new ones; `compare`: only those that differ."""
        for start in range(0, len(ids), _BATCH):
            some = ids[start : start + _BATCH]
            texts = [self._text_to_embed(self._passage_of(id_)) for id_ in some]
            fresh = self._embedder.embed(texts)
            with transaction(self._connection):
                for id_, vector in zip(some, fresh, strict=True):
                    stored = self._stored_vector(id_) if compare else None
                    if stored is not None and float(stored @ vector) >= _LEAST_COSINE:
                        continue
                    self._replace(id_, vector)
                    self._count_finding("vectors", 1)
            yield True

    def _replace(self, vector_id: int, vector: Vectors) -> None:
        """Replace a vector, under a new id: the index may hold the old vector under the old id."""
        execute = self._connection.execute
        row = execute("SELECT key FROM vector WHERE id = ?", (vector_id,)).fetchone()
        if row is None:
            return
        execute("UPDATE vector SET key = randomblob(16) WHERE id = ?", (vector_id,))
        execute(
            "INSERT INTO vector (key, data) VALUES (?, ?)", (row[0], vector.astype("<f2").tobytes())
        )
        new_id = self._connection.last_insert_rowid()
        execute("UPDATE passage SET vector_id = ? WHERE vector_id = ?", (new_id, vector_id))
        execute("DELETE FROM vector WHERE id = ?", (vector_id,))

    def _passage_of(self, vector_id: int) -> int:
        row = self._connection.execute(
            "SELECT id FROM passage WHERE vector_id = ? LIMIT 1", (vector_id,)
        ).fetchone()
        return cast("int", row[0]) if row else 0

    def _text_to_embed(self, passage_id: int) -> str:
        row = self._connection.execute(_TEXT_OF["passage"], (passage_id,)).fetchone()
        text, name, heading = cast("tuple[str, str, str]", row or ("", "", ""))
        return text_to_embed(text, self._title(name, heading))

    def _stored_vector(self, vector_id: int) -> Vectors | None:
        row = self._connection.execute(
            "SELECT data FROM vector WHERE id = ?", (vector_id,)
        ).fetchone()
        if row is None:
            return None
        return np.frombuffer(cast("bytes", row[0]), "<f2").astype(np.float32)

    def _ranges(self, table: str) -> Iterator[tuple[int, int]]:
        """Yield ranges of ids (above the first, up to the last), each a short step."""
        row = self._connection.execute(f"SELECT max(id) FROM {table}").fetchone()  # noqa: S608
        highest = cast("int", row[0] or 0) if row else 0
        for first in range(0, highest, _ROWS_A_STEP):
            yield first, first + _ROWS_A_STEP


def _is_vector(data: object, width: int) -> bool:
    """Return whether a stored vector has this many bytes, and unit length."""
    if not isinstance(data, bytes) or len(data) != width:
        return False
    length = float(np.linalg.norm(np.frombuffer(data, "<f2").astype(np.float32)))
    return bool(abs(length - 1.0) < _LENGTH_ERROR)
