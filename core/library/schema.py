"""The tables of library.db, as named migrations that are only ever appended to."""

from core.database import Migration
from core.library.rewording import write_pairs

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
    ("0002-pairs-of-characters", write_pairs),
)
