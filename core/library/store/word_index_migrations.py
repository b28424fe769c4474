"""Word index migrations: texts that an older version indexed, tokenized and written anew."""

from collections.abc import Callable
from typing import cast

import apsw

from core.library.text.combining_marks import has_combining_marks
from core.library.text.passage_splitter import title_path
from core.library.text.script_tokens import (
    has_syllable_scripts,
    needs_tokenizing,
    tokenize_for_index,
)

_Row = tuple[int, str, str, str]
_SECTIONS = (
    "SELECT section.id, text, name, heading FROM section"
    " JOIN content ON content.id = section.content_id"
    " JOIN passage ON passage.id ="
    " (SELECT min(id) FROM passage WHERE section_id = section.id)"
)
_PASSAGES = (
    "SELECT passage.id, substr(text, start + 1, length), name, heading FROM passage"
    " JOIN section ON section.id = section_id JOIN content ON content.id = passage.content_id"
)


def reindex_bigrams(connection: apsw.Connection) -> None:
    """Index Chinese, Japanese and Korean texts as bigrams; within the caller's transaction."""
    _reindex(connection, needs_tokenizing)


def reindex_combining_marks(connection: apsw.Connection) -> None:
    """Index Thai, Lao, Khmer and Burmese as bigrams, combining marks of all scripts as letters."""
    _reindex(connection, lambda text: has_combining_marks(text) or has_syllable_scripts(text))


def _reindex(connection: apsw.Connection, must_reindex: Callable[[str], bool]) -> None:
    for table, statement in (("section", _SECTIONS), ("passage", _PASSAGES)):
        for row in connection.execute(statement):  # a text at a time: only words are written
            id_, body, name, heading = cast("_Row", row)
            title = title_path(name, heading)
            if not must_reindex(title + body):
                continue
            connection.execute(f"DELETE FROM {table}_words WHERE rowid = ?", (id_,))  # noqa: S608
            connection.execute(
                f"INSERT INTO {table}_words (rowid, title, body) VALUES (?, ?, ?)",  # noqa: S608
                (id_, tokenize_for_index(title), tokenize_for_index(body)),
            )
