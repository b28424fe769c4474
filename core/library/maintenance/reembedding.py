"""Reembedding with another model into a second library, which then replaces the first.

The first library answers and reads files meanwhile. The second one, `library-next.db`, grows by
whole documents, from their pages as the first has them; after a kill the next process goes on.
"""

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import cast

import msgspec

from core.base.database import DATABASE_PARTS
from core.base.errors import InglenookError
from core.base.paths import Paths
from core.library.embedding.embedder import FEW_TOKENS, Embedder, OpenEmbedder
from core.library.embedding.embedder_loader import EmbedderLoader
from core.library.embedding.embedding_queue import FULL_QUEUE_TOKENS, EmbeddingQueue
from core.library.embedding.vector_types import Vectors
from core.library.index.index_generations import invalidate_index
from core.library.maintenance.embedder_choice import (
    current_embedder_folder,
    embedder_for_languages,
    is_chosen_by_person,
    note_chooser,
    note_embedder,
)
from core.library.maintenance.outdated_files import READER_KEY
from core.library.store.content_records import NewContent, vector_key
from core.library.store.library_records import LibraryRecords
from core.library.text.passage_splitter import SplitText, split_in_steps, text_to_embed
from core.messages import DocumentPage, EmbedderProgress

VECTOR_MODEL_KEY = "made with"
"""Key of the metadata with the name of the model that the vectors are from."""
EMBEDDER_TUNING_KEY = "embedding habit"
"""Key of the metadata with the `tuning_json` of the embedder."""
_PROGRESS_SECONDS = 0.2


class Reembedding:
    """The second library of a data folder, if there is one; `is_ready` once it is complete."""

    def __init__(
        self,
        paths: Paths,
        records: LibraryRecords,
        open_embedder: OpenEmbedder,
        send: Callable[[msgspec.Struct], None],
        convert_error: Callable[[Exception], InglenookError],
    ) -> None:
        self._paths = Paths(paths.root)
        self._records = records
        self._open_embedder = open_embedder
        self._send = send
        self._convert_error = convert_error
        self._file = paths.next_library
        self._next: LibraryRecords | None = None
        self._embedder: Embedder | None = None
        self._last_progress = 0.0
        self.next_embedder_folder: Path | None = None
        """The folder of the next model, None if there is none."""
        self.done = self.total = 0
        self.is_ready = False
        if self._file.exists():
            self._resume()

    def choose_embedder(self, folder: Path, *, by_person: bool = True) -> None:
        """Make the model in `folder` the next one; the current one undoes an earlier choice.

        Raises LibraryError if it can't be used; then nothing has changed.
        """
        self._open_embedder(folder, "").check_model()
        note_chooser(self._records, by_person=by_person)
        if folder == self.next_embedder_folder and self._next is not None:
            note_chooser(self._next, by_person=by_person)
            return
        self.discard_next_library()
        if folder == current_embedder_folder(self._records) and not self._is_replaced():
            return
        self._next = LibraryRecords(self._paths, file=self._file)
        note_embedder(self._next, folder, by_person=by_person)
        self.next_embedder_folder = folder

    def choose_by_languages(self) -> None:
        """Make the model that ships which suits the texts the next one, whatever was chosen."""
        self.choose_embedder(embedder_for_languages(self._records), by_person=False)

    def follow_languages(self) -> None:
        """Make another model the next one if the texts have come to need it; not a person's own."""
        if self.next_embedder_folder is not None or is_chosen_by_person(self._records):
            return
        folder = embedder_for_languages(self._records)
        if folder != current_embedder_folder(self._records):
            self.choose_embedder(folder, by_person=False)

    def close(self) -> None:
        """Close the second library; the next start goes on with it."""
        if self._next is not None:
            self._next.close()
            self._next = None

    def discard_next_library(self) -> None:
        """Delete the second library."""
        self.close()
        self.next_embedder_folder, self._embedder, self.is_ready = None, None, False
        for suffix in DATABASE_PARTS:
            self._file.with_name(self._file.name + suffix).unlink(missing_ok=True)

    def erase_removed_texts(self) -> Iterator[bool]:
        """Erase from the second library, too, what the first one no longer has."""
        if self._next is None:
            return
        rows = self._records.connection.execute("SELECT hash, name FROM content")
        for _step in self._next.contents.delete_unknown({(row[0], row[1]) for row in rows}):
            yield True
        yield from self._next.erase_removed_texts()

    def go_on_erasing(self) -> Iterator[bool]:
        """Try once more what a reader of the second library kept from being erased."""
        if self._next is not None:
            yield from self._next.erase_removed_texts()

    @property
    def has_removed_texts(self) -> bool:
        """Whether the second library still holds words of removed texts."""
        return self._next is not None and self._next.has_removed_texts

    def embed_in_steps(self) -> Iterator[bool]:
        """Embed what is missing; yields True between short steps, False while it waits.

        At the end `is_ready` is set: nothing is missing, and the two may be swapped.
        """
        if self._next is None or self.next_embedder_folder is None:
            return
        if self._embedder is None:
            self._embedder = self._open_embedder(self.next_embedder_folder, "")
        while missing := self._missing():
            yield from self._embed_documents(missing)
        self._copy_folders()
        self._send(self.embedder_progress())
        self.is_ready = True

    # ------------------------------------------------------------ inside

    def _resume(self) -> None:
        """Go on with what an earlier process began, unless its file was damaged and is empty."""
        self._next = LibraryRecords(self._paths, file=self._file)
        self.next_embedder_folder = current_embedder_folder(self._next)
        if (
            self.next_embedder_folder == current_embedder_folder(self._records)
            and not self._is_replaced()
        ):
            self.discard_next_library()

    def _is_replaced(self) -> bool:
        """Return whether the model's folder holds another model than the vectors are from."""
        made_with = self._records.get_metadata(VECTOR_MODEL_KEY)
        return made_with not in {
            "",
            self._open_embedder(current_embedder_folder(self._records), "").name,
        }

    def _missing(self) -> list[tuple[int, str, str]]:
        """Return (id, hash, name) of the documents that the second library lacks."""
        assert self._next is not None
        statement = "SELECT id, hash, name FROM content WHERE hash NOT LIKE '% %'"
        rows = self._records.connection.execute(statement).fetchall()
        there = {(row[1], row[2]) for row in self._next.connection.execute(statement)}
        missing = [cast("tuple[int, str, str]", row) for row in rows if row[1:] not in there]
        self.total, self.done = len(rows), len(rows) - len(missing)
        return missing

    def _embed_documents(self, missing: list[tuple[int, str, str]]) -> Iterator[bool]:
        """Split documents until enough passages can be sorted by length; embed and store them."""
        assert self._next is not None
        assert self._embedder is not None
        counter, window = self._embedder.token_counter, self._embedder.window_tokens
        queue, documents = EmbeddingQueue(), list[_SplitDocument]()
        for content_id, content_hash, name in missing:
            pages = self._records.contents.content_pages(content_id)
            document: SplitText | None = None
            for step in split_in_steps(pages, name, counter, window):
                document = step
                yield True
            if document is None:
                continue
            keys = []
            for passage in document.passages:
                text = text_to_embed(document.text[passage.start : passage.end], passage.title)
                keys.append(vector_key(self._embedder.name, text))
                if not self._next.contents.known_vectors(keys[-1:]):
                    queue.add_text(keys[-1], text, passage.tokens)
            documents.append(_SplitDocument(content_hash, name, pages, document, tuple(keys)))
            if queue.queued_tokens > FULL_QUEUE_TOKENS:
                break
        is_little = len(documents) == len(missing) and queue.queued_tokens <= FEW_TOKENS
        if not (is_little and self._embedder.reads_questions):
            yield from self._load(self._embedder)
        vectors: dict[bytes, Vectors] = {}
        yield from self._embed_queue(self._embedder, queue, vectors)
        yield from self._store(documents, vectors)

    def _embed_queue(
        self, embedder: Embedder, queue: EmbeddingQueue, vectors: dict[bytes, Vectors]
    ) -> Iterator[bool]:
        embed = embedder.embed if embedder.is_loaded else embedder.embed_few
        tokens = embedder.batch_tokens if embedder.is_loaded else 1
        while queue:
            batch = queue.next_batch(tokens)
            vectors.update(zip(batch, embed(list(batch.values())), strict=True))
            yield True

    def _load(self, embedder: Embedder) -> Iterator[bool]:
        """Bring the model into memory; False while it is awaited. Raises InglenookError."""
        loading = EmbedderLoader(embedder, self._convert_error)
        if not embedder.is_loaded:
            loading.start_loading()
        while not loading.is_finished:
            yield False
        if loading.error is not None:
            raise loading.error

    def _store(
        self, documents: "list[_SplitDocument]", vectors: dict[bytes, Vectors]
    ) -> Iterator[bool]:
        assert self._next is not None
        for each in documents:
            new = NewContent(each.hash, each.name, each.pages, each.document, each.keys, vectors)
            for _step in self._next.store_content_in_steps(new):
                yield True
            self.done += 1
            now = time.monotonic()
            if now - self._last_progress >= _PROGRESS_SECONDS:
                self._last_progress = now
                self._send(self.embedder_progress())
            yield True

    def embedder_progress(self) -> EmbedderProgress:
        """Return how many documents are embedded with the next model."""
        return EmbedderProgress(
            path=str(self.next_embedder_folder), done=self.done, total=self.total
        )

    def _copy_folders(self) -> None:
        """Copy the folders and files of the first library, in one transaction."""
        assert self._next is not None
        assert self._embedder is not None
        self._next.copy_folders(self._records)
        self._next.set_metadata(VECTOR_MODEL_KEY, self._embedder.name)
        self._next.set_metadata(EMBEDDER_TUNING_KEY, self._embedder.tuning_json)
        self._next.set_metadata(READER_KEY, self._records.get_metadata(READER_KEY))


class _SplitDocument(msgspec.Struct, frozen=True):
    """A document that was split and waits for its vectors."""

    hash: str
    name: str
    pages: tuple[DocumentPage, ...]
    document: SplitText
    keys: tuple[bytes, ...]


def swap_libraries(paths: Paths) -> None:
    """Replace the first library by the second; both are closed. Raises OSError.

    The index is invalidated first: its ids would mean other vectors.
    """
    invalidate_index(paths.index)
    if paths.next_library.exists():
        for suffix in DATABASE_PARTS[1:]:
            paths.library.with_name(paths.library.name + suffix).unlink(missing_ok=True)
        os.replace(paths.next_library, paths.library)  # noqa: PTH105 - one call, and atomic
