"""Prints how indexing and searching grow with the library, on made-up texts and clustered vectors.

Usage: python tests/benchmarks/scale.py [--root DIR] [--exact] [--chroma-url URL] COUNT...
Words follow Zipf's law, vectors lie in clusters of about 50: what an index finds hardest. Searches
are timed in processor time of this process, which other programs don't lengthen.
"""

import argparse
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import apsw
import numpy as np
import psutil

if sys.platform != "win32":
    import resource

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
from core.library.embedder import Embedder, Vectors
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
BLOCK = 2_000


class Near:
    """Stands in for the embedder: a question's vector lies near one that is kept."""

    def __init__(self, vectors: Vectors) -> None:
        self._vectors = vectors
        self._random = np.random.default_rng(7)

    def embed(self, texts: list[str]) -> Vectors:
        """Return one unit vector per text."""
        picked = self._vectors[self._random.integers(0, len(self._vectors), len(texts))]
        return _unit(picked + 0.03 * self._random.standard_normal(picked.shape).astype(np.float32))


def main() -> None:
    """Measure each count in a library of its own."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("counts", nargs="+", type=int)
    parser.add_argument("--root", type=Path)
    parser.add_argument("--chroma-url", default="")
    parser.add_argument("--exact", action="store_true", help="build no index")
    arguments = parser.parse_args()
    for count in arguments.counts:
        root = Path(tempfile.mkdtemp(prefix="scale-", dir=arguments.root))
        try:
            below = sys.maxsize if arguments.exact else EXACT_BELOW
            _measure(count, Paths(root), below, arguments.chroma_url)
        finally:
            shutil.rmtree(root)


def _measure(count: int, paths: Paths, exact_below: int, url: str) -> None:
    paths.create()
    _say(f"\n{count} passages of {WORDS_A_PASSAGE} words, {DIMENSIONS} dimensions")
    records = Records(paths)
    vectors, questions = _fill(records.connection, count)
    _say(f"library.db: {_megabytes(paths.library):.0f} MB")
    connection = records.connection
    index = VectorIndex(paths.index, connection, exact_below=exact_below, server=url)
    began = time.perf_counter()
    _drain(index)
    seconds = time.perf_counter() - began
    built = f"{seconds:.0f} s, {_megabytes(paths.index):.0f} MB" if index.watermark else "none"
    _say(f"index: {built}; peak memory {_peak():.0f} MB")
    _recall(records.connection, index, vectors)
    _search(records.connection, index, vectors, questions)
    index.close()
    records.close()


def _drain(index: VectorIndex) -> None:
    for _step in index.upkeep():
        pass


def _fill(connection: apsw.Connection, count: int) -> tuple[Vectors, list[str]]:
    """Write the library a block of passages at a time; return the vectors and some questions."""
    random = np.random.default_rng(3)
    centers = _unit(random.standard_normal((max(1, count // 50), DIMENSIONS)).astype(np.float32))
    vectors = np.empty((count, DIMENSIONS), np.float32)
    questions: list[str] = []
    began = time.perf_counter()
    connection.execute(
        "INSERT INTO folder (id, name, path, state, added) VALUES ('f', 'f', x'2f66', '', 0)"
    )
    for start in range(0, count, BLOCK):
        size = min(BLOCK, count - start)
        noise = 0.06 * random.standard_normal((size, DIMENSIONS)).astype(np.float32)
        block = _unit(centers[random.integers(0, len(centers), size)] + noise)
        vectors[start : start + size] = block
        words = np.minimum(random.zipf(1.15, (size, WORDS_A_PASSAGE)), VOCABULARY)
        texts = [" ".join(f"w{word}x" for word in row) for row in words]
        if len(questions) < QUESTIONS:
            picked = random.choice(words[words > STOP_WORDS], (10, WORDS_A_QUESTION))
            questions += [" ".join(f"w{word}x" for word in row) for row in picked]
        with connection:
            _write(connection, start, texts, block)
    _say(f"texts and words: {time.perf_counter() - began:.0f} s")
    return vectors, questions


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


def _recall(connection: apsw.Connection, index: VectorIndex, vectors: Vectors) -> None:
    exact, near = ExactVectors(connection), Near(vectors)
    queries = [near.embed([""])[0] for _ in range(QUESTIONS)]
    exact.nearest(queries[0], RECALL_AT)  # reads them into memory
    found, times = [], []
    for query in queries:
        began = time.process_time()
        best = set(exact.nearest(query, RECALL_AT))
        times.append(time.process_time() - began)
        if index.watermark:
            indexed = list(cosines(connection, index.nearest(query, 200), query))[:RECALL_AT]
            found.append(len(best & set(indexed)) / RECALL_AT)
    _say(f"exact search: {_spread(times)}")
    if index.watermark:
        asked = [_seconds(partial(index.nearest, query, 200)) for query in queries]
        _say(f"index: {_spread(asked)}, recall@{RECALL_AT} {np.mean(found):.4f}")


def _search(
    connection: apsw.Connection, index: VectorIndex, vectors: Vectors, questions: list[str]
) -> None:
    near = Near(vectors)
    searcher = Searcher(connection, Rankings(connection, near, index), Floor(connection, near))
    embedder = Embedder(embedding_model()).questions
    embedder.embed(["warm"])
    searcher.search(questions[0], (), 8)
    plain = [_seconds(partial(searcher.search, question, (), 8)) for question in questions]
    embedding = [_seconds(partial(embedder.embed, [question])) for question in questions]
    both = [search + embed for search, embed in zip(plain, embedding, strict=True)]
    told = np.mean([len(telling_words(question)) for question in questions])
    _say(f"search, {told:.0f} words a question, at most {LEADING_HOLDERS} passages scored:")
    _say(f"  without embedding the question: {_spread(plain)}; with: {_spread(both)}")


def _unit(rows: Vectors) -> Vectors:
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), np.float32)


def _seconds(run: Callable[[], object]) -> float:
    began = time.process_time()
    run()
    return time.process_time() - began


def _spread(seconds: list[float]) -> str:
    middle, high = np.percentile(seconds, [50, 95]) * 1000
    return f"p50 {middle:.1f} ms, p95 {high:.1f} ms"


def _megabytes(path: Path) -> float:
    files = path.rglob("*") if path.is_dir() else path.parent.glob(f"{path.name}*")
    return sum(file.stat().st_size for file in files if file.is_file()) / 1e6


def _peak() -> float:
    """Return the most memory this process has had, in megabytes; now, where nobody counts."""
    if sys.platform != "win32":
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
    else:  # noqa: RET505 - the type checker skips a branch for another system, not what follows it
        return psutil.Process().memory_info().rss / 1e6


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
