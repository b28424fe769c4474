"""Schema of library.db, as named migrations that are only ever appended to."""

from collections.abc import Callable
from typing import cast

import apsw

from core.base.database import Migration
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


MIGRATIONS: tuple[Migration, ...] = (
    (
        "0001-folders-files-passages",
        """
        CREATE TABLE folder (
            id TEXT PRIMARY KEY,
            name TEXT NOT NULL UNIQUE,
            path BLOB NOT NULL UNIQUE,         -- os.fsencode: a path may hold any bytes
            state TEXT NOT NULL,
            added REAL NOT NULL
        ) STRICT;
        CREATE TABLE content (                 -- one text under one name
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            hash TEXT NOT NULL,                -- SHA-256 of the file's bytes
            name TEXT NOT NULL,                -- its name goes into the title path
            pages BLOB NOT NULL,               -- msgpack of DocumentPage, deflated
            words INTEGER NOT NULL,
            UNIQUE (hash, name)
        ) STRICT;
        CREATE TABLE file (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            folder_id TEXT NOT NULL REFERENCES folder (id),
            path BLOB NOT NULL,                -- relative, "/" between parts, os.fsencode
            name TEXT NOT NULL,                -- the same as a person and a message can hold it
            size INTEGER NOT NULL,
            modified_ns INTEGER NOT NULL,
            content_id INTEGER REFERENCES content (id),
            code TEXT,                         -- why it was skipped
            facts BLOB,                        -- msgpack of a dict
            UNIQUE (folder_id, path)
        ) STRICT;
        CREATE INDEX file_content ON file (content_id);
        CREATE INDEX file_name ON file (folder_id, name);
        CREATE TABLE section (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            content_id INTEGER NOT NULL REFERENCES content (id),
            text TEXT NOT NULL
        ) STRICT;
        CREATE INDEX section_content ON section (content_id);
        CREATE TABLE vector (                  -- keyed by what was embedded, with what
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            key BLOB NOT NULL UNIQUE,
            data BLOB NOT NULL                 -- float16, unit length
        ) STRICT;
        CREATE TABLE passage (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            content_id INTEGER NOT NULL REFERENCES content (id),
            section_id INTEGER NOT NULL REFERENCES section (id),
            vector_id INTEGER NOT NULL REFERENCES vector (id),
            start INTEGER NOT NULL,            -- within its section's text, in characters
            length INTEGER NOT NULL,
            page INTEGER,
            heading TEXT NOT NULL,
            tokens INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX passage_content ON passage (content_id);
        CREATE INDEX passage_section ON passage (section_id);
        CREATE INDEX passage_vector ON passage (vector_id);
        CREATE VIRTUAL TABLE section_words USING fts5 (
            title, body, content = '', contentless_delete = 1,
            tokenize = 'porter unicode61 remove_diacritics 2'
        );
        CREATE VIRTUAL TABLE passage_words USING fts5 (
            title, body, content = '', contentless_delete = 1,
            tokenize = 'porter unicode61 remove_diacritics 2'
        );
        """,
    ),
    ("0002-pairs-of-characters", reindex_bigrams),
    (
        "0003-kept-in-step",
        """
        ALTER TABLE folder ADD COLUMN paused INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE folder ADD COLUMN hidden INTEGER NOT NULL DEFAULT 0; -- read hidden parts too
        ALTER TABLE folder ADD COLUMN included BLOB;      -- msgpack: patterns of parts read too
        ALTER TABLE folder ADD COLUMN synced REAL;        -- when it was last in step
        ALTER TABLE folder ADD COLUMN gone INTEGER NOT NULL DEFAULT 0;   -- being removed
        ALTER TABLE file ADD COLUMN waiting INTEGER NOT NULL DEFAULT 0;  -- found, not yet read
        CREATE INDEX file_waiting ON file (folder_id) WHERE waiting;
        CREATE TABLE note (                    -- what a library remembers of itself
            key TEXT PRIMARY KEY,
            value TEXT NOT NULL
        ) STRICT;
        """,
    ),
    (
        "0004-lines",
        "ALTER TABLE passage ADD COLUMN line INTEGER",  # where it begins in a file that is text
    ),
    (
        "0005-when-read",
        "ALTER TABLE file ADD COLUMN read REAL",  # when it was last read, or found unreadable
    ),
    ("0006-signs-as-letters", reindex_combining_marks),
)
