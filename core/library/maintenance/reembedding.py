"""Reembedding with another model into a second library, which then replaces the first.

The first library answers and takes in files meanwhile. The second one, `library-next.db`, only
grows by whole documents, from the pages that were kept of them; whoever dies goes on from there.
"""

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import cast

import msgspec

from core.base.errors import InglenookError
from core.base.paths import Paths, embedding_model
from core.library.embedding.embedder import Embedder, OpenEmbedder
from core.library.embedding.embedder_loader import EmbedderLoader
from core.library.embedding.embedding_queue import FULL_QUEUE_TOKENS, EmbeddingQueue
from core.library.embedding.vector_types import Vectors
from core.library.index.index_generations import invalidate_index
from core.library.store.content_records import vector_key
from core.library.store.library_records import LibraryRecords
from core.library.text.passage_splitter import SplitText, split_in_steps, text_to_embed
from core.messages import DocumentPage, EmbedderProgress

EMBEDDER_KEY = "embedder"
"""The note that names the embedding model's folder; none: the one that ships."""
VECTOR_MODEL_KEY = "made with"
"""The note that names the model whose vectors a library holds."""
EMBEDDER_TUNING_KEY = "embedding habit"
"""The note under which it is remembered how this machine embeds."""
_PROGRESS_SECONDS = 0.2
_SUFFIXES = ("", "-wal", "-shm")


def current_embedder_folder(records: LibraryRecords) -> Path:
    """Return the folder of the embedding model that a library was made with."""
    return Path(records.get_metadata(EMBEDDER_KEY) or embedding_model())


class Reembedding:
    """The second library of one root, if there is one. `is_ready`: they may change places."""

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
        self._file = next_library_file(paths)
        self._next: LibraryRecords | None = None
        self._embedder: Embedder | None = None
        self._last = 0.0
        self.next_embedder_folder: Path | None = None
        """The folder of the next model, None while there is none."""
        self.done = self.total = 0
        self.is_ready = False
        if self._file.exists():
            self._open()

    def choose_embedder(self, folder: Path) -> None:
        """Let the model in `folder` be the next one; the present one undoes an earlier choice.

        Raises LibraryError if it can't be used, before anything was changed.
        """
        self._open_embedder(folder, "").check_model()
        if folder == self.next_embedder_folder:
            return
        self.discard_next_library()
        if folder == current_embedder_folder(self._records) and not self._is_replaced():
            return
        self._next = LibraryRecords(self._paths, file=self._file)
        self._next.set_metadata(EMBEDDER_KEY, "" if folder == embedding_model() else str(folder))
        self.next_embedder_folder = folder

    def close(self) -> None:
        """Let go of the second library; it goes on at the next start."""
        if self._next is not None:
            self._next.close()
            self._next = None

    def discard_next_library(self) -> None:
        """Give the second library up."""
        self.close()
        self.next_embedder_folder, self._embedder, self.is_ready = None, None, False
        for suffix in _SUFFIXES:
            self._file.with_name(self._file.name + suffix).unlink(missing_ok=True)

    def embed_in_steps(self) -> Iterator[bool]:
        """Embed what is missing, True between short steps, False while it waits.

        At the end `is_ready`, unless new documents came in meanwhile: then it is called again.
        """
        if self._next is None or self.next_embedder_folder is None:
            return
        if self._embedder is None:
            self._embedder = self._open_embedder(self.next_embedder_folder, "")
        loading = EmbedderLoader(self._embedder, self._convert_error)
        loading.start_loading()
        while not loading.is_finished:
            yield False
        if loading.error is not None:
            raise loading.error
        while missing := self._missing():
            yield from self._embed_some(missing)
        self._take_over()
        self._send(self.embedder_progress())
        self.is_ready = True

    # ------------------------------------------------------------ inside

    def _open(self) -> None:
        """Take up what an earlier process began, unless the file proved damaged and was emptied."""
        self._next = LibraryRecords(self._paths, file=self._file)
        self.next_embedder_folder = current_embedder_folder(self._next)
        if (
            self.next_embedder_folder == current_embedder_folder(self._records)
            and not self._is_replaced()
        ):
            self.discard_next_library()

    def _is_replaced(self) -> bool:
        """Return whether the folder holds another model than the one the library was made with."""
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

    def _embed_some(self, missing: list[tuple[int, str, str]]) -> Iterator[bool]:
        """Embed documents until there were enough to sort by length; then keep them."""
        assert self._next is not None
        assert self._embedder is not None
        counter, window = self._embedder.token_counter, self._embedder.window_tokens
        pool, works = EmbeddingQueue(self._embedder.batch_tokens), list[_Work]()
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
                    pool.add_text(keys[-1], text, passage.tokens)
            works.append(_Work(content_hash, name, pages, document, tuple(keys)))
            if pool.queued_tokens > FULL_QUEUE_TOKENS:
                break
        vectors: dict[bytes, Vectors] = {}
        while pool:
            batch = pool.next_batch()
            vectors.update(zip(batch, self._embedder.embed(list(batch.values())), strict=True))
            yield True
        yield from self._keep(works, vectors)

    def _keep(self, works: "list[_Work]", vectors: dict[bytes, Vectors]) -> Iterator[bool]:
        assert self._next is not None
        for work in works:
            for _step in self._next.store_content_in_steps(
                work.hash, work.name, work.pages, work.document, list(work.keys), vectors
            ):
                yield True
            self.done += 1
            now = time.monotonic()
            if now - self._last >= _PROGRESS_SECONDS:
                self._last = now
                self._send(self.embedder_progress())
            yield True

    def embedder_progress(self) -> EmbedderProgress:
        """Return how many documents are embedded with the next model."""
        return EmbedderProgress(
            path=str(self.next_embedder_folder), done=self.done, total=self.total
        )

    def _take_over(self) -> None:
        """Copy what the first library knows of folders and files, in one go."""
        assert self._next is not None
        assert self._embedder is not None
        self._next.copy_folders(self._records)
        self._next.set_metadata(VECTOR_MODEL_KEY, self._embedder.name)
        self._next.set_metadata(EMBEDDER_TUNING_KEY, self._embedder.tuning_json)


class _Work(msgspec.Struct, frozen=True):
    """A document between its cutting and its vectors."""

    hash: str
    name: str
    pages: tuple[DocumentPage, ...]
    document: SplitText
    keys: tuple[bytes, ...]


def next_library_file(paths: Paths) -> Path:
    """Return where the second library lies."""
    return paths.library.with_name("library-next.db")


def swap_libraries(paths: Paths) -> None:
    """Put the second library in the place of the first; both are closed. Raises OSError.

    The index goes first: its ids would mean other vectors.
    """
    invalidate_index(paths.index)
    if next_library_file(paths).exists():
        for suffix in _SUFFIXES[1:]:
            paths.library.with_name(paths.library.name + suffix).unlink(missing_ok=True)
        os.replace(next_library_file(paths), paths.library)  # noqa: PTH105 - one call, and atomic
