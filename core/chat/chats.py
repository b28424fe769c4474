"""The chats of one root, saved as they happen: chats.db has this one owner."""

import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import apsw
import msgspec
import uuid_utils

from core.chat.conversation import (
    ChatSummary,
    Citation,
    Conversation,
    Role,
    Source,
    Statistics,
    Turn,
    TurnState,
)
from core.database import Migration, open_database, transaction
from core.errors import Code, StorageError

TITLE_LENGTH = 60

_MIGRATIONS: tuple[Migration, ...] = (
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
            parent_id TEXT REFERENCES turns ON DELETE CASCADE,
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
)


def new_id() -> str:
    """Return a fresh UUIDv7, whose text sorts by time."""
    return str(uuid_utils.uuid7())


def title_of(question: str) -> str:
    """Return the first words of a question as a chat's title."""
    line = " ".join(question.split())
    if len(line) <= TITLE_LENGTH:
        return line
    return line[:TITLE_LENGTH].rsplit(" ", 1)[0] + "…"


class Chats:
    """Saves and loads conversations. One thread uses it; each call is one transaction."""

    def __init__(self, path: Path, backups: Path, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._db = open_database(path, _MIGRATIONS, backups)
        self._mark_interrupted()

    def close(self) -> None:
        """Let go of the database."""
        self._db.close()

    def list(self) -> tuple[ChatSummary, ...]:
        """Return all chats, the one used last first."""
        rows = self._db.execute(
            """SELECT chat_id, title, created, updated,
                      (SELECT count(*) FROM turns WHERE turns.chat_id = chats.chat_id)
               FROM chats ORDER BY updated DESC, chat_id DESC"""
        )
        return tuple(
            ChatSummary(chat_id=row[0], title=row[1], created=row[2], updated=row[3], turns=row[4])
            for row in rows
        )

    def find(self, prefix: str) -> str:
        """Return the one chat id that begins with `prefix`; raises StorageError(CHAT_UNKNOWN)."""
        found = [row[0] for row in self._db.execute("SELECT chat_id FROM chats")]
        matches = [chat_id for chat_id in found if prefix and chat_id.startswith(prefix)]
        if len(matches) != 1:
            raise StorageError(Code.CHAT_UNKNOWN, ref=prefix)
        return str(matches[0])

    def load(self, chat_id: str) -> Conversation:
        """Return a whole conversation. Raises StorageError(CHAT_UNKNOWN)."""
        row = self._db.execute(
            "SELECT title, created, updated, leaf_id, folder_ids FROM chats WHERE chat_id = ?",
            (chat_id,),
        ).fetchone()
        if row is None:
            raise StorageError(Code.CHAT_UNKNOWN, ref=chat_id)
        return Conversation(
            chat_id=chat_id,
            title=row[0],
            created=row[1],
            updated=row[2],
            turns={turn.turn_id: turn for turn in self._turns(chat_id)},
            leaf_id=row[3],
            folder_ids=tuple(msgspec.json.decode(row[4], type=list[str])),
        )

    def new(self, title: str, folder_ids: Iterable[str] = ()) -> Conversation:
        """Return an empty conversation; nothing is written before its first turn."""
        now = self._clock()
        return Conversation(
            chat_id=new_id(),
            title=title,
            created=now,
            updated=now,
            turns={},
            folder_ids=tuple(folder_ids),
        )

    def save(self, conversation: Conversation, turns: Iterable[Turn]) -> None:
        """Write the chat's own line and these of its turns. Raises StorageError(DISK_FULL)."""
        with transaction(self._db):
            self._db.execute(
                """INSERT INTO chats VALUES (?, ?, ?, ?, NULL, ?)
                   ON CONFLICT (chat_id) DO UPDATE SET
                   title = excluded.title, updated = excluded.updated,
                   folder_ids = excluded.folder_ids""",
                (
                    conversation.chat_id,
                    conversation.title,
                    conversation.created,
                    self._clock(),
                    msgspec.json.encode(conversation.folder_ids).decode(),
                ),
            )
            for turn in turns:
                self._save_turn(conversation.chat_id, turn)
            self._db.execute(
                "UPDATE chats SET leaf_id = ? WHERE chat_id = ?",
                (conversation.leaf_id, conversation.chat_id),
            )

    def save_partial(self, turn_id: str, raw: str) -> None:
        """Write what a streaming answer has so far; cheap enough for once a second."""
        with transaction(self._db):
            self._db.execute(
                "UPDATE turns SET text = ?, raw = ? WHERE turn_id = ?", (raw, raw, turn_id)
            )

    def rename(self, chat_id: str, title: str) -> None:
        """Give a chat another title."""
        with transaction(self._db):
            self._db.execute("UPDATE chats SET title = ? WHERE chat_id = ?", (title, chat_id))

    def delete(self, chat_id: str) -> None:
        """Delete a chat and every copy of a passage in it."""
        with transaction(self._db):
            self._db.execute("DELETE FROM chats WHERE chat_id = ?", (chat_id,))
        self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def _mark_interrupted(self) -> None:
        """An answer that was still streaming when the program ended was cut off."""
        with transaction(self._db):
            self._db.execute(
                "UPDATE turns SET state = ? WHERE state = ?",
                (TurnState.INTERRUPTED, TurnState.STREAMING),
            )

    def _save_turn(self, chat_id: str, turn: Turn) -> None:
        self._db.execute(
            """INSERT INTO turns (turn_id, chat_id, parent_id, role, state, created, text, raw,
                                  sent, token_ids, fingerprint, model, statistics, note)
               VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
               ON CONFLICT (turn_id) DO UPDATE SET
               state = excluded.state, text = excluded.text, raw = excluded.raw,
               sent = excluded.sent, token_ids = excluded.token_ids,
               fingerprint = excluded.fingerprint, model = excluded.model,
               statistics = excluded.statistics, note = excluded.note""",
            (
                turn.turn_id,
                chat_id,
                turn.parent_id,
                turn.role,
                turn.state,
                turn.created,
                turn.text,
                turn.raw,
                turn.sent,
                msgspec.msgpack.encode(turn.token_ids),
                turn.fingerprint,
                turn.model,
                msgspec.json.encode(turn.statistics).decode(),
                turn.note,
            ),
        )
        self._save_grounds(turn)

    def _save_grounds(self, turn: Turn) -> None:
        self._db.execute("DELETE FROM sources WHERE turn_id = ?", (turn.turn_id,))
        self._db.execute("DELETE FROM citations WHERE turn_id = ?", (turn.turn_id,))
        self._db.executemany(
            "INSERT INTO sources VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [(turn.turn_id, *msgspec.structs.astuple(source)) for source in turn.sources],
        )
        self._db.executemany(
            "INSERT OR IGNORE INTO citations VALUES (?, ?, ?, ?)",
            [(turn.turn_id, cite.n, cite.start, cite.end) for cite in turn.citations],
        )

    def _turns(self, chat_id: str) -> Iterable[Turn]:
        sources = _grouped(
            self._db.execute(
                "SELECT s.* FROM sources s JOIN turns USING (turn_id) WHERE chat_id = ? ORDER BY n",
                (chat_id,),
            )
        )
        citations = _grouped(
            self._db.execute(
                "SELECT c.* FROM citations c JOIN turns USING (turn_id) WHERE chat_id = ?"
                ' ORDER BY "start", n',
                (chat_id,),
            )
        )
        fields = Source.__struct_fields__
        for row in self._db.execute(
            """SELECT turn_id, parent_id, role, state, text, created, raw, sent, token_ids,
                      fingerprint, model, statistics, note
               FROM turns WHERE chat_id = ? ORDER BY turn_id""",
            (chat_id,),
        ):
            yield Turn(
                turn_id=row[0],
                parent_id=row[1],
                role=Role(row[2]),
                state=TurnState(row[3]),
                text=row[4],
                created=row[5],
                raw=row[6],
                sent=row[7],
                token_ids=tuple(msgspec.msgpack.decode(row[8], type=list[int])),
                fingerprint=row[9],
                model=row[10],
                statistics=msgspec.json.decode(row[11], type=Statistics),
                note=row[12],
                sources=tuple(
                    Source(**dict(zip(fields, values, strict=True)))
                    for values in sources.get(row[0], ())
                ),
                citations=tuple(
                    Citation(n=n, start=start, end=end)
                    for n, start, end in citations.get(row[0], ())
                ),
            )


def _grouped(rows: apsw.Cursor) -> dict[str, list[tuple[Any, ...]]]:
    groups: dict[str, list[tuple[Any, ...]]] = {}
    for turn_id, *values in rows:
        groups.setdefault(turn_id, []).append(tuple(values))
    return groups
