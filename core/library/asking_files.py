"""Searches single files that a person picked, whether a folder holds them or not."""

import time
from collections.abc import Iterator
from pathlib import Path

from msgspec import structs

from core.errors import Code, LibraryError, describe
from core.library.desk import Desk
from core.library.names import display_name, true_name
from core.library.reading import Reading
from core.library.search import Reranks
from core.library.temporary import TemporaryLibrary
from core.messages import DocumentPage, Hit, SearchDone, SearchFiles


def search_files(request: SearchFiles, desk: Desk) -> Iterator[bool]:
    """Read the files, search them, send SearchDone; yields whether it can go on at once.

    May be closed at any yield. Raises LibraryError if one of the files can't be read.
    """
    began = time.monotonic()
    names = [true_name(*pair) for pair in zip(request.paths, request.raws, strict=True)]
    found: dict[str, Reading] = {}
    reader = desk.new_reader()
    try:
        for place, name in enumerate(names):
            reader.submit(str(place), name)
        while reader.open:
            done = reader.poll()
            found.update((reading.key, reading) for reading in done)
            yield bool(done)
    finally:
        reader.stop()
    with TemporaryLibrary(desk.paths, desk.embedder) as library:
        # The place in front keeps two files of one name apart.
        documents = [
            (f"{place}/{Path(name).name}", _pages(found[str(place)], name))
            for place, name in enumerate(names)
        ]
        for _step in library.put(documents):
            yield True
        hits = list(_hits(library, request, desk.searcher.reranker))
    seconds = time.monotonic() - began
    told = tuple(_as_asked(hit, rank, request) for rank, hit in enumerate(hits, start=1))
    desk.send(SearchDone(request_id=request.request_id, hits=told, seconds=seconds))


def _pages(reading: Reading, name: str) -> tuple[DocumentPage, ...]:
    if reading.code is not None:
        raise LibraryError(
            Code.PICKED_FILE,
            file=display_name(name),
            reason=describe(reading.code, reading.facts or {})[0].rstrip("."),
        )
    return reading.pages


def _hits(
    library: TemporaryLibrary, request: SearchFiles, reranker: Reranks | None
) -> Iterator[Hit]:
    """Yield all passages if the whole may be given, then what answers best.

    Where nothing answers ("What is this about?"), the beginning does: somebody picked the file.
    """
    searcher = library.searcher()
    searcher.reranker = reranker
    if library.tokens <= request.tokens:
        yield from (structs.replace(hit, whole=True) for hit in searcher.everything())
    yield from searcher.search(request.query, (), request.k) or searcher.everything()[: request.k]


def _as_asked(hit: Hit, rank: int, request: SearchFiles) -> Hit:
    """Return a hit that names the file as it was picked, which no folder needs to hold."""
    place, _slash, file = hit.file.partition("/")
    return structs.replace(
        hit, rank=rank, folder_id="", folder="", file=file, path=request.paths[int(place)]
    )
