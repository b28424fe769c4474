"""Puts texts into records as a sync would."""

import hashlib

from core.base.paths import embedding_model
from core.library.filesystem.folder_scanner import ScannedEntry
from core.library.store.content_records import NewContent, vector_key
from core.library.store.library_records import FolderRecord, LibraryRecords
from core.library.text.embedder_token_counter import EmbedderTokenCounter
from core.library.text.passage_splitter import text_to_embed
from core.messages import DocumentPage
from tests.library.conftest import ScriptedEmbedder
from tests.library.text.whole_document import split_document

_counter = EmbedderTokenCounter(embedding_model())


def put(records: LibraryRecords, folder: FolderRecord, relative: str, text: str) -> int:
    """Keep one file of one page; return how many vectors were new."""
    embedder = ScriptedEmbedder()
    pages = (DocumentPage(number=1, heading="", text=text),)
    found = ScannedEntry(relative, len(text), 1)
    document = split_document(pages, found.shown_name, _counter, embedder.window_tokens)
    texts = [text_to_embed(document.text[p.start : p.end], p.title) for p in document.passages]
    keys = [vector_key(embedder.name, text) for text in texts]
    known = records.contents.known_vectors(keys)
    fresh = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
    vectors = dict(zip(fresh, embedder.embed(list(fresh.values())), strict=True))
    digest = hashlib.sha256(text.encode()).hexdigest()
    new = NewContent(digest, found.shown_name, pages, document, keys, vectors)
    records.store_file(folder.id, found, new)
    return len(fresh)


def counts(records: LibraryRecords) -> dict[str, int]:
    """Return how many rows each table holds."""
    tables = ("folder", "file", "content", "section", "passage", "vector")
    words = ("section_words", "passage_words")
    return {
        table: len(records.connection.execute(f"SELECT rowid FROM {table}").fetchall())
        for table in (*tables, *words)
    }
