"""Turn rows in chats.db: schema, writing and reading of turns, sources, citations, summaries."""

from collections.abc import Iterator
from typing import Any, TypeVar

import apsw
import msgspec
from msgspec import structs

from core.base.database import Migration
from core.chat.conversations.assurance import NO_ASSURANCE
from core.chat.conversations.conversation import (
    Citation,
    ConversationSummary,
    Role,
    Source,
    Turn,
    TurnState,
)
from core.chat.store.answer_rows import (
    read_assurances,
    read_chat_calls,
    write_assurance,
    write_sent_prompt,
    write_tool_calls,
)
from core.chat.store.json_fields import SENTENCES, STATISTICS

MIGRATIONS: tuple[Migration, ...] = (
    (
        "2026-11-chats",
        """
        CREATE TABLE chats (
            chat_id TEXT PRIMARY KEY,
            title TEXT NOT NULL,
            created REAL NOT NULL,
            updated REAL NOT NULL,
            leaf_id TEXT,
            folder_ids TEXT NOT NULL DEFAULT '[]'
        ) STRICT;
        CREATE TABLE turns (
            turn_id TEXT PRIMARY KEY,
            chat_id TEXT NOT NULL REFERENCES chats ON DELETE CASCADE,
            parent_id TEXT REFERENCES turns DEFERRABLE INITIALLY DEFERRED,
            role TEXT NOT NULL,
            state TEXT NOT NULL,
            created REAL NOT NULL,
            text TEXT NOT NULL,
            raw TEXT NOT NULL,
            thinking TEXT NOT NULL DEFAULT '',
            sent TEXT NOT NULL,
            token_ids BLOB NOT NULL,
            fingerprint TEXT NOT NULL,
            model TEXT NOT NULL,
            statistics TEXT NOT NULL,
            note TEXT NOT NULL
        ) STRICT;
        CREATE INDEX turns_of_chat ON turns (chat_id);
        CREATE INDEX turns_of_parent ON turns (parent_id);
        CREATE TABLE sources (
            turn_id TEXT NOT NULL REFERENCES turns ON DELETE CASCADE,
            n INTEGER NOT NULL,
            folder_id TEXT NOT NULL,
            folder TEXT NOT NULL,
            file TEXT NOT NULL,
            path TEXT NOT NULL,
            page INTEGER,
            heading TEXT NOT NULL,
            text TEXT NOT NULL,
            content_hash TEXT NOT NULL,
            score REAL NOT NULL,
            PRIMARY KEY (turn_id, n)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE citations (
            turn_id TEXT NOT NULL REFERENCES turns ON DELETE CASCADE,
            n INTEGER NOT NULL,
            "start" INTEGER NOT NULL,
            "end" INTEGER NOT NULL,
            PRIMARY KEY (turn_id, "start", n)
        ) STRICT, WITHOUT ROWID;
        """,
    ),
    (
        "2026-11-adapters",
        "ALTER TABLE chats ADD COLUMN adapters TEXT NOT NULL DEFAULT '[]'",
    ),
    (
        "2026-11-summaries",
        """
        CREATE TABLE summaries (
            summary_id TEXT PRIMARY KEY,
            chat_id TEXT NOT NULL REFERENCES chats ON DELETE CASCADE,
            last_id TEXT NOT NULL,
            turns INTEGER NOT NULL,
            text TEXT NOT NULL,
            created REAL NOT NULL,
            model TEXT NOT NULL,
            token_ids BLOB NOT NULL,
            fingerprint TEXT NOT NULL
        ) STRICT;
        CREATE INDEX summaries_of_chat ON summaries (chat_id);
        """,
    ),
    (
        "2026-11-ratings",
        """
        ALTER TABLE turns ADD COLUMN rating INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE turns ADD COLUMN rating_note TEXT NOT NULL DEFAULT '';
        """,
    ),
    (
        "2026-12-sentences",
        """
        ALTER TABLE turns ADD COLUMN sentences TEXT NOT NULL DEFAULT '[]';
        ALTER TABLE citations ADD COLUMN source_start INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE citations ADD COLUMN source_end INTEGER NOT NULL DEFAULT 0;
        """,
    ),
    (
        "2026-12-edited",
        """
        ALTER TABLE turns ADD COLUMN edited INTEGER NOT NULL DEFAULT 0;
        UPDATE turns SET edited = 1 WHERE role = 'assistant' AND note IN
            ('Edited by you.', 'Von Ihnen bearbeitet.', 'Modifié par vous.', 'حرّرتَه أنت.');
        """,
    ),
)

_Row = tuple[Any, ...]
_Values = TypeVar("_Values", Source, Citation)


def write_turn(db: apsw.Connection, chat_id: str, turn: Turn) -> None:
    """Insert or replace one turn with its sources and citations."""
    db.execute(
        """INSERT INTO turns (turn_id, chat_id, parent_id, role, state, created, text, raw,
                              thinking, sent, token_ids, fingerprint, model, statistics, note,
                              rating, rating_note, sentences, edited)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
           ON CONFLICT (turn_id) DO UPDATE SET
           state = excluded.state, text = excluded.text, raw = excluded.raw,
           thinking = excluded.thinking, sent = excluded.sent, token_ids = excluded.token_ids,
           fingerprint = excluded.fingerprint, model = excluded.model, edited = excluded.edited,
           statistics = excluded.statistics, sentences = excluded.sentences, note = excluded.note,
           rating = excluded.rating, rating_note = excluded.rating_note""",
        (
            turn.turn_id,
            chat_id,
            turn.parent_id,
            turn.role,
            turn.state,
            turn.created,
            turn.text,
            turn.raw,
            turn.thinking,
            turn.sent,
            msgspec.msgpack.encode(turn.token_ids),
            turn.fingerprint,
            turn.model,
            STATISTICS.encode_value(turn.statistics),
            turn.note,
            turn.rating,
            turn.rating_note,
            SENTENCES.encode_value(turn.sentences),
            turn.is_edited,
        ),
    )
    _write_sources(db, turn)
    write_assurance(db, turn.turn_id, turn.assurance)
    write_tool_calls(db, turn.turn_id, turn.tool_calls)
    if turn.prompt is not None:
        write_sent_prompt(db, turn.turn_id, turn.prompt)


def _write_sources(db: apsw.Connection, turn: Turn) -> None:
    db.execute("DELETE FROM sources WHERE turn_id = ?", (turn.turn_id,))
    db.execute("DELETE FROM citations WHERE turn_id = ?", (turn.turn_id,))
    db.executemany(
        "INSERT INTO sources VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [(turn.turn_id, *msgspec.structs.astuple(source)) for source in turn.sources],
    )
    db.executemany(
        "INSERT OR IGNORE INTO citations VALUES (?, ?, ?, ?, ?, ?)",
        [(turn.turn_id, *msgspec.structs.astuple(cite)) for cite in turn.citations],
    )


def write_summary(db: apsw.Connection, chat_id: str, summary: ConversationSummary) -> None:
    """Insert a summary; an existing one is never changed."""
    db.execute(
        """INSERT OR IGNORE INTO summaries (summary_id, chat_id, last_id, turns, text, created,
                                            model, token_ids, fingerprint)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)""",
        (
            summary.summary_id,
            chat_id,
            summary.last_id,
            summary.turns,
            summary.text,
            summary.created,
            summary.model,
            msgspec.msgpack.encode(summary.token_ids),
            summary.fingerprint,
        ),
    )


def read_summaries(db: apsw.Connection, chat_id: str) -> Iterator[ConversationSummary]:
    """Yield every summary of a chat, oldest first."""
    for row in db.execute(
        """SELECT summary_id, last_id, turns, text, created, model, token_ids, fingerprint
           FROM summaries WHERE chat_id = ? ORDER BY summary_id""",
        (chat_id,),
    ):
        yield ConversationSummary(
            summary_id=row[0],
            last_id=row[1],
            turns=row[2],
            text=row[3],
            created=row[4],
            model=row[5],
            token_ids=tuple(msgspec.msgpack.decode(row[6], type=list[int])),
            fingerprint=row[7],
        )


def read_turns(db: apsw.Connection, chat_id: str) -> Iterator[Turn]:
    """Yield every turn of a chat, oldest first."""
    sources = _rows_by_turn(db, "sources", "n", chat_id)
    citations = _rows_by_turn(db, "citations", '"start", n', chat_id)
    assurances = read_assurances(db, chat_id)
    calls = read_chat_calls(db, chat_id)
    for row in db.execute(
        """SELECT turn_id, parent_id, role, state, text, created, raw, thinking, sent, token_ids,
                  fingerprint, model, statistics, note, rating, rating_note, sentences, edited
           FROM turns WHERE chat_id = ? ORDER BY turn_id""",
        (chat_id,),
    ):
        turn = _turn(row, sources.get(row[0], []), citations.get(row[0], []))
        yield structs.replace(
            turn,
            assurance=assurances.get(turn.turn_id, NO_ASSURANCE),
            tool_calls=calls.get(turn.turn_id, ()),
        )


def _turn(row: _Row, sources: list[_Row], citations: list[_Row]) -> Turn:
    return Turn(
        turn_id=row[0],
        parent_id=row[1],
        role=Role(row[2]),
        state=TurnState(row[3]),
        text=row[4],
        created=row[5],
        raw=row[6],
        thinking=row[7],
        sent=row[8],
        token_ids=tuple(msgspec.msgpack.decode(row[9], type=list[int])),
        fingerprint=row[10],
        model=row[11],
        statistics=STATISTICS.decode_value(row[12]),
        note=row[13],
        rating=row[14],
        rating_note=row[15],
        sources=tuple(_values(Source, row) for row in sources),
        citations=tuple(_values(Citation, row) for row in citations),
        sentences=SENTENCES.decode_value(row[16]),
        is_edited=bool(row[17]),
    )


def _rows_by_turn(
    db: apsw.Connection, table: str, order: str, chat_id: str
) -> dict[str, list[_Row]]:
    """Return the rows of `table` for each turn of a chat, without the turn's id."""
    rows = db.execute(
        f"SELECT t.* FROM {table} t JOIN turns USING (turn_id) WHERE chat_id = ? ORDER BY {order}",  # noqa: S608 - both names stand in this file
        (chat_id,),
    )
    groups: dict[str, list[_Row]] = {}
    for turn_id, *values in rows:
        groups.setdefault(turn_id, []).append(tuple(values))
    return groups


def _values(kind: type[_Values], row: _Row) -> _Values:
    """Return a row as the struct whose fields are its columns, in order."""
    return kind(**dict(zip(kind.__struct_fields__, row, strict=True)))
