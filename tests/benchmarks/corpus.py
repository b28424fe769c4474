"""Builds a library from a retrieval set: corpus.jsonl, queries.jsonl, qrels.tsv."""

import json
import sys
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from core.library.embedder import Embedder, Vectors
from core.library.passages import CutText, cut, embedded_text
from core.library.pool import TextPool
from core.library.records import Folder, Records
from core.library.scanner import Found
from core.library.texts import vector_key
from core.library.tokens import TokenCounter
from core.messages import DocumentPage
from core.paths import Paths, embedding_model


@dataclass(frozen=True)
class RetrievalSet:
    """Questions and the graded documents that answer them, over a library."""

    name: str
    records: Records
    folder: Folder
    embedder: Embedder
    queries: dict[str, str]
    grades: dict[str, dict[str, int]]


def open_set(source: Path, cache: Path) -> RetrievalSet:
    """Read a set, embedding its corpus the first time."""
    paths = Paths(cache / source.name)
    paths.create()
    records = Records(paths)
    embedder = Embedder(embedding_model())
    folder = records.add_folder(str(source.absolute()))
    if folder.state != "ready":
        _fill(records, folder, embedder, _lines(source / "corpus.jsonl"))
        records.set_state(folder.id, "ready")
    grades: dict[str, dict[str, int]] = defaultdict(dict)
    for line in (source / "qrels.tsv").read_text().splitlines():
        query, document, grade = line.split("\t")
        grades[query][document] = int(grade)
    queries = {query["id"]: query["text"] for query in _lines(source / "queries.jsonl")}
    graded = {id_: text for id_, text in queries.items() if any(grades[id_].values())}
    return RetrievalSet(source.name, records, folder, embedder, graded, dict(grades))


def _lines(path: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def _fill(
    records: Records, folder: Folder, embedder: Embedder, corpus: list[dict[str, str]]
) -> None:
    counter = TokenCounter(embedding_model())
    documents: list[tuple[str, tuple[DocumentPage, ...], CutText, list[bytes]]] = []
    pool = TextPool()
    for entry in corpus:
        title = " ".join(entry.get("title", "").replace("/", " ").split())[:150]
        pages = (DocumentPage(number=None, heading="", text=entry["text"].strip() or title),)
        document = cut(pages, f"{title}.txt", counter, embedder.window)
        texts = [embedded_text(document.text[p.start : p.end], p.title) for p in document.passages]
        keys = [vector_key(embedder.name, text) for text in texts]
        for key, text, passage in zip(keys, texts, document.passages, strict=True):
            pool.add(key, text, passage.tokens)
        documents.append((f"{entry['id']}/{title}.txt", pages, document, keys))
    vectors: dict[bytes, Vectors] = {}
    while pool:
        batch = pool.batch()
        vectors.update(zip(batch, embedder.embed(list(batch.values())), strict=True))
        sys.stderr.write(f"\r{len(vectors)} vectors")
    for number, (relative, read, document, keys) in enumerate(documents):
        found = Found(relative, 0, 0)
        records.put_file(folder.id, found, str(number), read, document, keys, vectors)
