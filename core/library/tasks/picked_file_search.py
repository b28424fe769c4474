"""Search of single files that the user picked, whether a folder holds them or not."""

import time
from collections.abc import Iterator
from pathlib import Path

from msgspec import structs

from core.base.errors import ErrorCode, LibraryError, describe_error
from core.library.extractors.file_formats import PICTURES
from core.library.filesystem.path_encoding import display_name, restore_path
from core.library.reading.file_reader import FileReadResult
from core.library.search.searcher import JudgedHits, Searcher
from core.library.tasks.task_context import TaskContext
from core.library.tasks.temporary_library import TemporaryLibrary
from core.messages import DocumentPage, SearchDone, SearchFiles, SearchHit, SearchVerdict

_MUCH_TEXT = 200_000
"""Bytes of files from which on more passages are likely than are embedded without the model."""


def search_picked_files(request: SearchFiles, context: TaskContext) -> Iterator[bool]:
    """Read the files, search them, send SearchDone; yields whether it can go on at once.

    The words of a few passages are embedded without the model in memory; for more it is loaded
    while the files are read. May be closed at any yield. Raises LibraryError if one of the files
    can't be read.
    """
    began = time.monotonic()
    names = [restore_path(*pair) for pair in zip(request.paths, request.raws, strict=True)]
    found: dict[str, FileReadResult] = {}
    reader = context.new_reader()
    if sum(map(_text_bytes, names)) > _MUCH_TEXT:
        context.load_embedder()
    try:
        for place, name in enumerate(names):
            reader.submit_file(str(place), name)
        while reader.open_files:
            done = reader.poll()
            found.update((reading.key, reading) for reading in done)
            yield bool(done)
    finally:
        reader.stop()
    with TemporaryLibrary(context.paths, context.embedder) as library:
        # The number in front tells two files of one name apart.
        documents = [
            (f"{place}/{Path(name).name}", _pages(found[str(place)], name))
            for place, name in enumerate(names)
        ]
        for _step in library.add_documents(documents, context.load_embedder):
            yield not library.awaits_model
        searcher = library.new_searcher(context.judge)
        searcher.reranker = context.searcher.reranker
        result = _search(library, request, searcher)
    context.send(_done(request, result, time.monotonic() - began))


def _text_bytes(name: str) -> int:
    """Return the size of a file whose text may be long; a picture's never is."""
    if Path(name).suffix.lower() in PICTURES:
        return 0
    try:
        return Path(name).stat().st_size
    except OSError:  # reading it says why
        return 0


def _done(request: SearchFiles, result: JudgedHits, seconds: float) -> SearchDone:
    hits = (_as_picked(hit, rank, request) for rank, hit in enumerate(result.hits, start=1))
    return SearchDone(
        request_id=request.request_id,
        hits=tuple(hits),
        seconds=seconds,
        verdict=result.verdict,
        confidence=result.confidence,
        threshold=result.threshold,
        asked_subject=result.other.asked,
        found_subject=result.other.found,
        missing_value=result.missing_value,
    )


def _pages(reading: FileReadResult, name: str) -> tuple[DocumentPage, ...]:
    if reading.code is not None:
        raise LibraryError(
            ErrorCode.PICKED_FILE,
            file=display_name(name),
            reason=describe_error(reading.code, reading.facts or {})[0].rstrip("."),
        )
    return reading.pages


def _search(library: TemporaryLibrary, request: SearchFiles, searcher: Searcher) -> JudgedHits:
    """Return all passages if they are within `request.tokens`, then the best hits.

    The best passages of a question that is on nothing ("What is this about?") are the first ones,
    since the files were picked for it.
    """
    found = searcher.search_passages(request.query, (), request.k)
    best = found.hits
    if found.verdict is SearchVerdict.NOTHING:
        best = searcher.all_passages()[: request.k]
    if library.total_tokens <= request.tokens:
        whole = (structs.replace(hit, whole=True) for hit in searcher.all_passages())
        best = (*whole, *best)
    return found._replace(hits=best)


def _as_picked(hit: SearchHit, rank: int, request: SearchFiles) -> SearchHit:
    """Return a hit that names the file as it was picked, which no folder needs to hold."""
    place, _slash, file = hit.file.partition("/")
    return structs.replace(
        hit, rank=rank, folder_id="", folder="", file=file, path=request.paths[int(place)]
    )
