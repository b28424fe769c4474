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
from core.base.paths import Paths, embedding_model
from core.library.embedding.embedder import QueryEmbedder
from core.library.embedding.sentence_transformer_embedder import SentenceTransformerEmbedder
from core.library.index.chroma_store import open_chroma_store
from core.library.index.exact_search import ExactSearch, exact_cosines
from core.library.index.vector_index import EXACT_SEARCH_BELOW, VectorIndex
from core.library.search.evidence_judge import EvidenceJudge
from core.library.search.keyword_ranking import MAX_SCORED_PASSAGES, informative_words
from core.library.search.rank_fusion import CandidateRankings
from core.library.search.searcher import Searcher
from core.library.store.library_records import LibraryRecords
from tests.benchmarks.made_up import (
    DIMENSIONS,
    LARGE,
    QUESTIONS,
    SMALL,
    WORDS_A_PASSAGE,
    MadeUp,
    Near,
)

RECALL_AT = 50
_Result = TypeVar("_Result")


def main() -> None:
    """Let one library grow, and measure it at each count."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("counts", nargs="+", type=int)
    parser.add_argument("--root", type=Path)
    parser.add_argument("--chroma-url", default="")
    parser.add_argument("--exact", action="store_true", help="build no index")
    arguments = parser.parse_args()
    root = Path(tempfile.mkdtemp(prefix="scale-", dir=arguments.root))
    below = sys.maxsize if arguments.exact else EXACT_SEARCH_BELOW
    try:
        _measure(sorted(arguments.counts), Paths(root), below, arguments.chroma_url)
    finally:
        shutil.rmtree(root)


def _measure(counts: list[int], paths: Paths, exact_below: int, url: str) -> None:
    open_index = partial(
        VectorIndex, open_store=open_chroma_store, exact_below=exact_below, server=url
    )
    paths.create_folders()
    records = LibraryRecords(paths)
    connection = records.connection
    index = open_index(paths.index, connection)
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
        index = _change(connection, index, partial(open_index, paths.index, connection))
        _recall(connection, index)
    index.close()
    records.close()


def _drain(index: VectorIndex) -> None:
    for _step in index.update_in_steps():
        pass


def _change(
    connection: apsw.Connection, index: VectorIndex, open_index: Callable[[], VectorIndex]
) -> VectorIndex:
    """Take one vector away, then end and begin anew; return the index that is open then."""
    if not index.watermark:
        return index
    _say(f"kept in step, nothing new: {_timed(partial(_drain, index))}")
    highest = "(SELECT max(vector_id) FROM passage)"
    connection.execute(f"DELETE FROM passage WHERE vector_id = {highest}")
    connection.execute("DELETE FROM vector WHERE id = (SELECT max(id) FROM vector)")
    _say(f"kept in step, one deleted: {_timed(partial(_drain, index))}")
    index.close()
    index = open_index()
    _say(f"opened anew: {_timed(partial(_drain, index))}")
    return index


def _recall(connection: apsw.Connection, index: VectorIndex) -> None:
    exact, near = ExactSearch(connection, reduced_from=sys.maxsize), Near(connection)
    queries = [near.embed([""])[0] for _ in range(QUESTIONS)]
    exact.nearest_cosines(queries[0], RECALL_AT)  # reads them into memory
    found, exactly = [], Times()
    for query in queries:
        best = set(exactly.of(partial(exact.nearest_cosines, query, RECALL_AT)))
        if index.watermark:
            indexed = list(exact_cosines(connection, index.nearest_ids(query, 200), query))[
                :RECALL_AT
            ]
            found.append(len(best & set(indexed)) / RECALL_AT)
    _say(f"exact search: {exactly}")
    if index.watermark:
        asked = Times()
        for query in queries:
            asked.of(partial(index.nearest_ids, query, 200))
        _say(f"index: {asked}, recall@{RECALL_AT} {np.mean(found):.4f}")


def _search(connection: apsw.Connection, index: VectorIndex, questions: list[str]) -> None:
    near = Near(connection)
    searcher = Searcher(
        connection,
        CandidateRankings(connection, near, index),
        EvidenceJudge(connection, embedding_model().name),
    )
    embedder = SentenceTransformerEmbedder(embedding_model()).query_embedder
    embedder.embed(["warm"])
    searcher.search_passages(questions[0], (), 8)
    plain, both = Times(), Times()
    for question in questions:
        plain.of(partial(searcher.search_passages, question, (), 8))
    for question in questions:
        both.of(partial(_embed_and_search, embedder, searcher, question))
    parts = {folder: Times() for folder in (LARGE, SMALL)}
    for folder, times in parts.items():
        for question in questions:
            times.of(partial(searcher.search_passages, question, (folder,), 8))
    told = np.mean([len(informative_words(question)) for question in questions])
    _say(f"search, {told:.0f} words a question, at most {MAX_SCORED_PASSAGES} passages scored:")
    _say(f"  without embedding the question: {plain}\n  with: {both}")
    _say(f"  in the large folder alone: {parts[LARGE]}\n  in the small one: {parts[SMALL]}")


def _embed_and_search(embedder: QueryEmbedder, searcher: Searcher, question: str) -> None:
    embedder.embed([question])
    searcher.search_passages(question, (), 8)


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
    return f"{time.perf_counter() - clock:.1f} s (processor {busy:.1f} s)"


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
