"""File query: which files of the folders fit words, endings and times, counted from the records."""

import os
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple, cast

import apsw
import msgspec

from core.library.filesystem.path_encoding import display_name
from core.library.store.content_records import file_hash
from core.library.store.library_records import FolderRecord, LibraryRecords
from core.library.text.combining_marks import WORD_PATTERN
from core.library.text.script_tokens import needs_tokenizing, tokenize_for_index
from core.messages import FilesFound, FoundFile, QueryFiles

_FACTS = msgspec.msgpack.Decoder(dict[str, str])
_ENDINGS = re.compile(r"(?:ies|es|en|er|s|e|n|y)$|(?:ات|ين|ون|ة)$")
"""Endings that tell a word's plural from its singular in the languages of the questions."""
_ARTICLE = re.compile(r"^(?:وال|بال|لل|ال)(?=\w{3})")
_SHORTEST_STEM = 4
_MOST_MENTIONS = 5
"""Files that only mention the words and are named; all are counted."""
_PASSAGE = (
    "SELECT heading, substr(text, start + 1, length), page, hash, words FROM passage"
    " JOIN section ON section.id = section_id JOIN content ON content.id = passage.content_id"
    " WHERE passage.content_id = ? ORDER BY passage.id LIMIT 1"
)
_PASSAGE_WITH = _PASSAGE.replace(
    " ORDER",
    " AND passage.id IN (SELECT rowid FROM passage_words WHERE passage_words MATCH ?) ORDER",
)
_ORDERS = {
    "newest": ("modified_ns", True),
    "oldest": ("modified_ns", False),
    "largest": ("size", True),
    "smallest": ("size", False),
}


class _File(NamedTuple):
    id: int
    folder_id: str
    name: str
    path: bytes
    size: int
    modified_ns: int
    content_id: int | None
    code: str | None


def query_files(records: LibraryRecords, request: QueryFiles) -> FilesFound:
    """Return the files that fit. Folders that are gone meanwhile are passed over."""
    folders = {each.id: each for each in records.active_folders()}
    ids = [each for each in request.folder_ids if each in folders]
    files = list(_files(records.connection, ids))
    fitting = [each for each in files if _fits(each, request)]
    stems = [_stem(word) for word in request.words]
    titles = _titles(records.connection) if stems else {}
    named = [each for each in fitting if _is_named(each, stems, folders, titles)]
    others = _mentioning(records.connection, request.words, fitting, named) if stems else []
    named = _sorted(named, request.order)
    describer = _Describer(records.connection, folders)
    return FilesFound(
        request_id=request.request_id,
        files=(
            *(describer.describe(each) for each in named[: request.limit]),
            *(
                describer.describe(each, words=request.words)
                for each in _sorted(others, request.order)[:_MOST_MENTIONS]
            ),
        ),
        total=len(named),
        mentions=len(others),
        types=dict(Counter(_ending(each.name) for each in named).most_common()),
        skipped=sum(each.code is not None for each in files),
    )


def _files(connection: apsw.Connection, folder_ids: Sequence[str]) -> Iterable[_File]:
    for folder_id in folder_ids:
        rows = connection.execute(
            "SELECT id, folder_id, name, path, size, modified_ns, content_id, code"
            " FROM file WHERE folder_id = ?",
            (folder_id,),
        )
        yield from (_File(*row) for row in rows)


def _fits(file: _File, request: QueryFiles) -> bool:
    changed = file.modified_ns / 1e9
    return (
        (file.code is not None) == request.unreadable
        and (not request.types or _ending(file.name) in request.types)
        and (request.since is None or changed >= request.since)
        and (request.until is None or changed < request.until)
    )


def _is_named(
    file: _File,
    stems: Sequence[str],
    folders: dict[str, FolderRecord],
    titles: dict[int, str],
) -> bool:
    if not stems:
        return True
    title = titles.get(file.content_id or 0, "")
    words = _plain(f"{folders[file.folder_id].name} {file.name} {title}")
    return all(stem in words for stem in stems)


def _titles(connection: apsw.Connection) -> dict[int, str]:
    """Return the first heading of each content."""
    rows = connection.execute(
        "SELECT content_id, heading FROM passage WHERE id IN"
        " (SELECT min(id) FROM passage GROUP BY content_id)"
    )
    return dict(cast("Iterable[tuple[int, str]]", rows))


def _mentioning(
    connection: apsw.Connection,
    words: Sequence[str],
    files: Sequence[_File],
    named: Sequence[_File],
) -> list[_File]:
    """Return the files whose text holds each of the words somewhere, without those `named`."""
    contents: set[int] | None = None
    for word in words:
        rows = connection.execute(
            "SELECT DISTINCT content_id FROM passage_words"
            " JOIN passage ON passage.id = passage_words.rowid WHERE passage_words MATCH ?",
            (_expression(word),),
        )
        found = {cast("int", row[0]) for row in rows}
        contents = found if contents is None else contents & found
    known = {each.id for each in named}
    return [each for each in files if each.content_id in (contents or ()) and each.id not in known]


def _expression(word: str) -> str:
    """Return the FTS5 expression of a word in any form, or of its signs side by side."""
    tokens = WORD_PATTERN.findall(tokenize_for_index(word))
    if len(tokens) == 1 and not needs_tokenizing(word):
        return f'"{_stem(tokens[0])}" *'
    return f'"{" ".join(tokens)}"'


def _sorted(files: Sequence[_File], order: str) -> list[_File]:
    key, reverse = _ORDERS.get(order, ("", False))
    by_name = sorted(files, key=lambda each: each.name.casefold())
    if not key:
        return by_name
    return sorted(by_name, key=lambda each: cast("int", getattr(each, key)), reverse=reverse)


def _plain(text: str) -> str:
    """Return a text without case and marks above letters."""
    spread = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in spread if not unicodedata.combining(sign))


def _stem(word: str) -> str:
    """Return what forms of a word have in common, as far as their endings show it."""
    plain = _ARTICLE.sub("", _plain(word))
    stem = _ENDINGS.sub("", plain)
    return stem if len(stem) >= _SHORTEST_STEM else plain


def _ending(name: str) -> str:
    return Path(name).suffix.lower().lstrip(".")


class _Describer:
    """Puts rows into messages, with title and first passage."""

    def __init__(self, connection: apsw.Connection, folders: dict[str, FolderRecord]) -> None:
        self._connection = connection
        self._folders = folders

    def describe(self, file: _File, words: Sequence[str] = ()) -> FoundFile:
        """Return a file; with `words`, the passage that mentions the first of them."""
        folder = self._folders[file.folder_id]
        passage = self._passage(file, words) or self._passage(file, ()) or ("", "", None, "", 0)
        heading, text, page, content_hash, count = passage
        facts = self._connection.execute("SELECT facts FROM file WHERE id = ?", (file.id,))
        (packed,) = cast("tuple[bytes | None]", facts.fetchone())
        return FoundFile(
            folder_id=folder.id,
            folder=folder.name,
            file=file.name,
            path=display_name(str(Path(folder.path) / os.fsdecode(file.path))),
            size=file.size,
            modified=file.modified_ns / 1e9,
            title=heading,
            text=text,
            page=page,
            content_hash=file_hash(content_hash),
            words=count,
            code=file.code or "",
            facts=_FACTS.decode(packed) if packed else {},
            mentions=bool(words),
        )

    def _passage(
        self, file: _File, words: Sequence[str]
    ) -> tuple[str, str, int | None, str, int] | None:
        """Return heading, text and page of the first passage, and the hash of its file."""
        if file.content_id is None:
            return None
        statement = _PASSAGE_WITH if words else _PASSAGE
        values = (file.content_id, _expression(words[0])) if words else (file.content_id,)
        row = self._connection.execute(statement, values).fetchone()
        return cast("tuple[str, str, int | None, str, int] | None", row)
