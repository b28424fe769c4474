"""Puts texts into records as a sync would."""

import hashlib

from core.library.names import display_name
from core.library.passages import cut, embedded_text
from core.library.records import Folder, Records
from core.library.scanner import Found
from core.library.texts import vector_key
from core.library.tokens import TokenCounter
from core.messages import DocumentPage
from core.paths import embedding_model
from tests.library.conftest import ScriptedEmbedder

_counter = TokenCounter(embedding_model())


def put(records: Records, folder: Folder, relative: str, text: str) -> int:
    """Keep one file of one page; return how many vectors were new."""
    embedder = ScriptedEmbedder()
    pages = (DocumentPage(number=1, heading="", text=text),)
    document = cut(pages, display_name(relative.rpartition("/")[2]), _counter, embedder.window)
    texts = [embedded_text(document.text[p.start : p.end], p.title) for p in document.passages]
    keys = [vector_key(embedder.name, text) for text in texts]
    known = records.texts.known_vectors(keys)
    fresh = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
    vectors = dict(zip(fresh, embedder.embed(list(fresh.values())), strict=True))
    digest = hashlib.sha256(text.encode()).hexdigest()
    found = Found(relative, len(text), 1)
    records.put_file(folder.id, found, digest, pages, document, keys, vectors)
    return len(fresh)


def counts(records: Records) -> dict[str, int]:
    """Return how many rows each table holds."""
    tables = ("folder", "file", "content", "section", "passage", "vector")
    words = ("section_words", "passage_words")
    return {
        table: len(records.connection.execute(f"SELECT rowid FROM {table}").fetchall())
        for table in (*tables, *words)
    }
