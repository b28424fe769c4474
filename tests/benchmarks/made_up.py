"""A library of made-up texts and clustered vectors, as large as it is asked to be."""

import apsw
import numpy as np

from core.library.embedding.vector_types import Vectors

DIMENSIONS = 384
WORDS_A_PASSAGE = 110
PASSAGES_A_SECTION = 5
SECTIONS_A_FILE = 4
VOCABULARY = 60_000
QUESTIONS = 100
WORDS_A_QUESTION = 8
STOP_WORDS = 100
"""Words so common that a question doesn't rest on them; in real texts they have a list."""
CLUSTER = 50
LARGE, SMALL = "large", "small"
"""The folders: one file of twenty lies in the small one."""
BLOCK = 10_000
"""Vectors whose clusters are mixed: files of one matter seldom lie in a row."""
STEP = 2_000


class Near:
    """Stands in for the embedder: a question's vector lies near one that is kept."""

    def __init__(self, connection: apsw.Connection) -> None:
        self._connection = connection
        self._random = np.random.default_rng(7)

    def embed(self, texts: list[str]) -> Vectors:
        """Return one unit vector per text."""
        (highest,) = self._connection.execute("SELECT max(id) FROM vector").fetchone() or (0,)
        ids = self._random.integers(1, highest + 1, len(texts))
        query = "SELECT data FROM vector WHERE id >= ? LIMIT 1"
        rows = [self._connection.execute(query, (int(id_),)).fetchone() for id_ in ids]
        picked = np.stack([np.frombuffer(row[0], "<f2") for row in rows if row]).astype(np.float32)
        return _unit(picked + 0.03 * self._random.standard_normal(picked.shape).astype(np.float32))


class MadeUp:
    """Texts and vectors of files that each lie close together, as those of one matter do."""

    def __init__(self, connection: apsw.Connection) -> None:
        self._connection = connection
        self._random = np.random.default_rng(3)
        self._count = 0
        self.questions: list[str] = []
        for folder in (LARGE, SMALL):
            connection.execute(
                "INSERT INTO folder (id, name, path, state, added) VALUES (?, ?, ?, '', 0)",
                (folder, folder, f"/{folder}".encode()),
            )

    def grow(self, count: int) -> None:
        """Write passages until there are `count`."""
        while self._count < count:
            size = min(BLOCK, count - self._count)
            vectors = self._vectors(size)
            for start in range(0, size, STEP):
                self._add(vectors[start : start + STEP])

    def _vectors(self, size: int) -> Vectors:
        shape = (max(1, size // CLUSTER), DIMENSIONS)
        centers = _unit(self._random.standard_normal(shape).astype(np.float32))
        noise = 0.06 * self._random.standard_normal((size, DIMENSIONS)).astype(np.float32)
        return _unit(centers[self._random.integers(0, len(centers), size)] + noise)

    def _add(self, vectors: Vectors) -> None:
        shape = (len(vectors), WORDS_A_PASSAGE)
        words = np.minimum(self._random.zipf(1.15, shape), VOCABULARY)
        texts = [" ".join(f"w{word}x" for word in row) for row in words]
        if len(self.questions) < QUESTIONS:
            picked = self._random.choice(words[words > STOP_WORDS], (10, WORDS_A_QUESTION))
            self.questions += [" ".join(f"w{word}x" for word in row) for row in picked]
        with self._connection:
            _write(self._connection, self._count, texts, vectors)
        self._count += len(vectors)


def _write(connection: apsw.Connection, start: int, texts: list[str], block: Vectors) -> None:
    per_file = PASSAGES_A_SECTION * SECTIONS_A_FILE
    for place in range(0, len(texts), PASSAGES_A_SECTION):
        number = start + place
        content, section = number // per_file + 1, number // PASSAGES_A_SECTION + 1
        if number % per_file == 0:
            folder = LARGE if content % 20 else SMALL
            row = (content, str(content), f"file {content}.txt", b"")
            connection.execute("INSERT INTO content VALUES (?, ?, ?, ?, 0)", row)
            connection.execute(
                "INSERT INTO file (folder_id, path, name, size, modified_ns, content_id)"
                " VALUES (?, ?, ?, 0, 0, ?)",
                (folder, f"{content}.txt".encode(), f"{content}.txt", content),
            )
        some = texts[place : place + PASSAGES_A_SECTION]
        text = "\n".join(some)
        connection.execute("INSERT INTO section VALUES (?, ?, ?)", (section, content, text))
        _words(connection, "section", section, text)
        position = 0
        for offset, passage in enumerate(some):
            id_ = number + offset + 1
            data = block[place + offset].astype("<f2").tobytes()
            key = id_.to_bytes(16, "big")
            connection.execute("INSERT INTO vector VALUES (?, ?, ?)", (id_, key, data))
            connection.execute(
                "INSERT INTO passage (id, content_id, section_id, vector_id, start, length,"
                " heading, tokens) VALUES (?, ?, ?, ?, ?, ?, '', 160)",
                (id_, content, section, id_, position, len(passage)),
            )
            _words(connection, "passage", id_, passage)
            position += len(passage) + 1


def _words(connection: apsw.Connection, grain: str, id_: int, text: str) -> None:
    connection.execute(
        f"INSERT INTO {grain}_words (rowid, title, body) VALUES (?, '', ?)",
        (id_, text),
    )


def _unit(rows: Vectors) -> Vectors:
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), np.float32)
