"""Passage listing: all passages of one file in reading order, as hits."""

from collections.abc import Iterable
from pathlib import Path
from typing import cast

from core.library.filesystem.path_encoding import display_name
from core.library.store.content_records import file_hash
from core.library.store.library_records import LibraryRecords
from core.messages import ListPassages, PassagesListed, SearchHit

_PASSAGES = (
    "SELECT passage.id, section_id, page, heading, substr(text, start + 1, length), line, hash"
    " FROM passage JOIN section ON section.id = section_id"
    " JOIN content ON content.id = passage.content_id WHERE passage.content_id ="
    " (SELECT content_id FROM file WHERE folder_id = ? AND name = ?) ORDER BY passage.id"
)
_Row = tuple[int, int, int | None, str, str, int | None, str]


def list_passages(records: LibraryRecords, request: ListPassages) -> PassagesListed:
    """Return them. Raises LibraryError(FOLDER_UNKNOWN)."""
    folder = records.get_folder(request.folder_id)
    rows = cast("Iterable[_Row]", records.connection.execute(_PASSAGES, (folder.id, request.file)))
    path = display_name(str(Path(folder.path) / request.file))
    hits = tuple(
        SearchHit(
            rank=rank,
            passage_id=row[0],
            section_id=row[1],
            folder_id=folder.id,
            folder=folder.name,
            file=request.file,
            path=path,
            page=row[2],
            heading=row[3],
            text=row[4],
            section=row[4],
            line=row[5],
            content_hash=file_hash(row[6]),
            score=1.0,
        )
        for rank, row in enumerate(rows, start=1)
    )
    return PassagesListed(request_id=request.request_id, hits=hits)
