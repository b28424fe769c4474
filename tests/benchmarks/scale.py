"""Prints how indexing and searching grow with the library, on made-up texts and clustered vectors.

Usage: python tests/benchmarks/scale.py [--root DIR] [--exact] [--chroma-url URL] COUNT...
One library grows from count to count. Words follow Zipf's law, vectors lie in clusters of about 50:
what an index finds hardest. Times are given by the clock and in processor time of this process,
which other programs don't lengthen.
"""

import argparse
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TypeVar

import apsw
import numpy as np
import psutil

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
from core.library.embedder import Embedder, Embeds, Vectors
from core.library.floor import Floor
from core.library.index import EXACT_BELOW, VectorIndex
from core.library.keywords import LEADING_HOLDERS, telling_words
from core.library.rankings import Rankings
from core.library.records import Records
from core.library.search import Searcher
from core.library.vectors import ExactVectors, cosines
from core.paths import Paths, embedding_model

DIMENSIONS = 384
WORDS_A_PASSAGE = 110
PASSAGES_A_SECTION = 5
SECTIONS_A_FILE = 4
VOCABULARY = 60_000
QUESTIONS = 100
WORDS_A_QUESTION = 8
STOP_WORDS = 100
"""Words so common that a question doesn't rest on them; in real texts they have a list."""
RECALL_AT = 50
CLUSTER = 50
BLOCK = 10_000
"""Vectors whose clusters are mixed: files of one matter seldom lie in a row."""
STEP = 2_000


_Result = TypeVar("_Result")


class Near:
    """Stands in for the embedder: a question's vector lies near one that is kept."""

    def __init__(self, connection: apsw.Connection) -> None:
        self._connection = connection
        self._random = np.random.default_rng(7)

    def embed(self, texts: list[str]) -> Vectors:
        """Return one unit vector per text."""
        (highest,) = self._connection.execute("SELECT max(id) FROM vector").fetchone() or (0,)
        ids = self._random.integers(1, highest + 1, len(texts))
        rows = [
            self._connection.execute("SELECT data FROM vector WHERE id = ?", (int(id_),)).fetchone()
            for id_ in ids
        ]
        picked = np.stack([np.frombuffer(row[0], "<f2") for row in rows if row]).astype(np.float32)
        return _unit(picked + 0.03 * self._random.standard_normal(picked.shape).astype(np.float32))


def main() -> None:
    """Let one library grow, and measure it at each count."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("counts", nargs="+", type=int)
    parser.add_argument("--root", type=Path)
    parser.add_argument("--chroma-url", default="")
    parser.add_argument("--exact", action="store_true", help="build no index")
    arguments = parser.parse_args()
    root = Path(tempfile.mkdtemp(prefix="scale-", dir=arguments.root))
    below = sys.maxsize if arguments.exact else EXACT_BELOW
    try:
        _measure(sorted(arguments.counts), Paths(root), below, arguments.chroma_url)
    finally:
        shutil.rmtree(root)


def _measure(counts: list[int], paths: Paths, exact_below: int, url: str) -> None:
    paths.create()
    records = Records(paths)
    connection = records.connection
    index = VectorIndex(paths.index, connection, exact_below=exact_below, server=url)
    made = MadeUp(connection)
    for count in counts:
        _say(f"\n{count} passages of {WORDS_A_PASSAGE} words, {DIMENSIONS} dimensions")
        _say(f"texts and words: {_timed(partial(made.grow, count))}")
        _say(f"library.db: {_megabytes(paths.library):.0f} MB; memory {_memory()}")
        took = _timed(partial(_drain, index))
        built = f"{took}, {_megabytes(paths.index):.0f} MB" if index.watermark else "none"
        _say(f"index: {built}; {_written()} written so far; memory {_memory()}")
        _search(connection, index, made.questions)
        _say(f"memory after the searches: {_memory()}")
        _recall(connection, index)
    index.close()
    records.close()


def _drain(index: VectorIndex) -> None:
    for _step in index.upkeep():
        pass


class MadeUp:
    """Texts and vectors of files that each lie close together, as those of one matter do."""

    def __init__(self, connection: apsw.Connection) -> None:
        self._connection = connection
        self._random = np.random.default_rng(3)
        self._count = 0
        self.questions: list[str] = []
        connection.execute(
            "INSERT INTO folder (id, name, path, state, added) VALUES ('f', 'f', x'2f66', '', 0)"
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
            row = (content, str(content), f"file {content}.txt", b"")
            connection.execute("INSERT INTO content VALUES (?, ?, ?, ?, 0)", row)
            connection.execute(
                "INSERT INTO file (folder_id, path, name, size, modified_ns, content_id)"
                " VALUES ('f', ?, ?, 0, 0, ?)",
                (f"{content}.txt".encode(), f"{content}.txt", content),
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


def _recall(connection: apsw.Connection, index: VectorIndex) -> None:
    exact, near = ExactVectors(connection), Near(connection)
    queries = [near.embed([""])[0] for _ in range(QUESTIONS)]
    exact.nearest(queries[0], RECALL_AT)  # reads them into memory
    found, exactly = [], Times()
    for query in queries:
        best = set(exactly.of(partial(exact.nearest, query, RECALL_AT)))
        if index.watermark:
            indexed = list(cosines(connection, index.nearest(query, 200), query))[:RECALL_AT]
            found.append(len(best & set(indexed)) / RECALL_AT)
    _say(f"exact search: {exactly}")
    if index.watermark:
        asked = Times()
        for query in queries:
            asked.of(partial(index.nearest, query, 200))
        _say(f"index: {asked}, recall@{RECALL_AT} {np.mean(found):.4f}")


def _search(connection: apsw.Connection, index: VectorIndex, questions: list[str]) -> None:
    near = Near(connection)
    searcher = Searcher(connection, Rankings(connection, near, index), Floor(connection, near))
    embedder = Embedder(embedding_model()).questions
    embedder.embed(["warm"])
    searcher.search(questions[0], (), 8)
    plain, both = Times(), Times()
    for question in questions:
        plain.of(partial(searcher.search, question, (), 8))
    for question in questions:
        both.of(partial(_embed_and_search, embedder, searcher, question))
    told = np.mean([len(telling_words(question)) for question in questions])
    _say(f"search, {told:.0f} words a question, at most {LEADING_HOLDERS} passages scored:")
    _say(f"  without embedding the question: {plain}\n  with: {both}")


def _embed_and_search(embedder: Embeds, searcher: Searcher, question: str) -> None:
    embedder.embed([question])
    searcher.search(question, (), 8)


def _unit(rows: Vectors) -> Vectors:
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), np.float32)


class Times:
    """How long several runs of the same thing took, in seconds of the clock and of processor."""

    def __init__(self) -> None:
        self._clock: list[float] = []
        self._processor: list[float] = []

    def of(self, run: Callable[[], _Result]) -> _Result:
        """Time one run."""
        clock, processor = time.perf_counter(), time.process_time()
        result = run()
        self._clock.append(time.perf_counter() - clock)
        self._processor.append(time.process_time() - processor)
        return result

    def __str__(self) -> str:
        """Return the median and the 95th of a hundred, in milliseconds."""
        spreads = [
            np.percentile(times, [50, 95]) * 1000 for times in (self._clock, self._processor)
        ]
        (middle, high), (busy, busiest) = spreads
        return f"p50 {middle:.1f} ms, p95 {high:.1f} ms (processor {busy:.1f}, {busiest:.1f})"


def _timed(run: Callable[[], object]) -> str:
    clock, processor = time.perf_counter(), time.process_time()
    run()
    busy = time.process_time() - processor
    return f"{time.perf_counter() - clock:.0f} s (processor {busy:.0f} s)"


def _megabytes(path: Path) -> float:
    files = path.rglob("*") if path.is_dir() else path.parent.glob(f"{path.name}*")
    return sum(file.stat().st_size for file in files if file.is_file()) / 1e6


def _memory() -> str:
    return f"{psutil.Process().memory_info().rss / 1e6:.0f} MB"


def _written() -> str:
    if sys.platform != "linux":
        return "?"
    return f"{psutil.Process().io_counters().write_chars / 1e9:.1f} GB"


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
