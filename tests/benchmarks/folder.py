"""Prints how fast a folder is read and how often its questions find the right file.

Usage: python tests/benchmarks/folder.py [--root DIR] FOLDER [QUESTIONS.jsonl]
A --root that has read the folder before is used again; then only the re-sync is timed.
"""

import argparse
import json
import sys
import tempfile
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
from core.app.library.folder_service import FolderService
from core.base.paths import Paths, embedding_model
from core.library.client.library_client import LibraryClient
from core.library.embedding.sentence_transformer_embedder import SentenceTransformerEmbedder
from core.library.search.evidence_judge import EvidenceJudge
from core.library.search.rank_fusion import CandidateRankings
from core.library.search.search_scope import SearchScope
from core.library.search.searcher import Searcher
from core.library.store.library_records import LibraryRecords
from core.messages import SearchVerdict, SyncStatistics
from tests.benchmarks.library_driver import wait_for

DEPTH = 5
WAYS = ("vector", "bm25", "ours")


def main() -> None:
    """Read, read again, ask."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("questions", type=Path, nargs="?")
    parser.add_argument("--root", type=Path)
    arguments = parser.parse_args()
    paths = Paths(arguments.root or Path(tempfile.mkdtemp()))
    paths.create_folders()
    _read(paths, arguments.folder)
    if arguments.questions:
        lines = arguments.questions.read_text(encoding="utf-8").splitlines()
        _ask(paths, [json.loads(line) for line in lines])


def _read(paths: Paths, folder: Path) -> None:
    client = LibraryClient(paths, lambda: None)
    first = _sync(client, folder)
    again = _sync(client, folder)
    client.stop()
    words, tokens = first.words / first.seconds, first.tokens / max(first.seconds_embedding, 0.001)
    idle = 1 - first.seconds_embedding / first.seconds
    sys.stdout.write(
        f"first sync: {first.read} files read, {first.skipped} skipped, {first.passages} passages,"
        f" {first.seconds:.1f} s\n"
        f"  {first.read / first.seconds:.1f} files/s, {words:.0f} words/s,"
        f" {tokens:.0f} embedder tokens/s, {idle:.1%} of the time not in the embedder\n"
        f"re-sync: {again.unchanged} unchanged, {again.seconds:.2f} s\n"
    )


def _sync(client: LibraryClient, folder: Path) -> SyncStatistics:
    folders = FolderService(client, emit=lambda _event: None)
    return wait_for(client, folders.add_folder(str(folder.absolute()))).statistics


def _ask(paths: Paths, questions: Sequence[Mapping[str, Any]]) -> None:
    records = LibraryRecords(paths)
    embedder = SentenceTransformerEmbedder(embedding_model())
    rankings = CandidateRankings(records.connection, embedder)
    searcher = Searcher(
        records.connection, rankings, EvidenceJudge(records.connection, embedder.model_folder.name)
    )
    files = _files(records)
    scope = SearchScope()
    tops: dict[tuple[str, str], list[tuple[bool, bool]]] = defaultdict(list)
    kept, refused, misses = [], [], []
    for entry in questions:
        question, right = entry["question"], {entry["file"], *entry["also_ok"]}
        result = searcher.search_passages(question, (), DEPTH)
        ours = [hit.file for hit in result.hits]
        is_kept = result.verdict is SearchVerdict.ANSWERED
        if entry["file"] is None:
            refused.append(not is_kept)
            continue
        kept.append(is_kept)
        found = {
            "vector": [files[id_] for id_ in rankings.rank_by_vector(question, scope)][:DEPTH],
            "bm25": [files[id_] for id_ in rankings.rank_by_keyword(question, scope)][:DEPTH],
            "ours": ours,
        }
        for way, names in found.items():
            hit = bool(right & set(names)), bool(right & set(names[:1]))
            tops[entry["source_type"], way].append(hit)
            tops["all", way].append(hit)
        if not right & set(ours):
            misses.append(f"{entry['id']} {entry['file']}")
    _print_table(tops)
    sys.stdout.write(
        f"unanswerable and refused: {sum(refused)} of {len(refused)};"
        f" answerable and kept: {sum(kept)} of {len(kept)}\n"
        f"missed: {', '.join(misses) or 'none'}\n"
    )
    records.close()


def _print_table(tops: Mapping[tuple[str, str], Sequence[tuple[bool, bool]]]) -> None:
    sys.stdout.write(f"{'source':12}{'ranking':10}{'questions':>10}{'top 5':>8}{'top 1':>8}\n")
    for (source, way), hits in tops.items():
        five, one = sum(hit[0] for hit in hits), sum(hit[1] for hit in hits)
        share = f"{five / len(hits):8.1%}{one / len(hits):8.1%}"
        sys.stdout.write(f"{source:12}{way:10}{len(hits):10}{share}\n")


def _files(records: LibraryRecords) -> dict[int, str]:
    rows = records.connection.execute(
        "SELECT passage.id, min(file.name) FROM passage JOIN file USING (content_id)"
        " GROUP BY passage.id"
    )
    return {int(str(id_)): str(name) for id_, name in rows}


if __name__ == "__main__":
    main()
