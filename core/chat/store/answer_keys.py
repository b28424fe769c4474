"""Answer keys in chats.db: which saved answers may be repeated, and for which question.

A key holds nothing that can be read: hashes, and the question's vector. The words stay in the chat,
so that a key goes with the chat it belongs to.
"""

from collections.abc import Sequence
from typing import NamedTuple

import apsw

from core.base.database import Migration, transaction

MIGRATIONS: tuple[Migration, ...] = (
    (
        "2026-12-answer-keys",
        """
        CREATE TABLE answer_keys (
            turn_id TEXT PRIMARY KEY REFERENCES turns ON DELETE CASCADE,
            context BLOB NOT NULL,             -- all that the answer depends on but the question
            question BLOB NOT NULL,
            vector BLOB NOT NULL               -- float32, unit length; empty: only the same words
        ) STRICT;
        CREATE INDEX answer_keys_of_context ON answer_keys (context, question);
        """,
    ),
)
MOST_CANDIDATES = 500
"""Answers of one context whose questions are compared, the latest ones: about 10 ms."""

_USABLE = """
    FROM answer_keys AS key
    JOIN turns AS answer USING (turn_id)
    JOIN turns AS question ON question.turn_id = answer.parent_id
    JOIN chats ON chats.chat_id = answer.chat_id
    WHERE context = ? AND answer.state = 'done' AND answer.rating >= 0 AND trashed IS NULL
    AND NOT EXISTS (SELECT 1 FROM wrong_sources WHERE wrong_sources.turn_id = key.turn_id)
"""


class AnswerKey(NamedTuple):
    """Hashes of a question and of what else its answer depends on, and the question's vector."""

    context: bytes
    question: bytes
    vector: bytes = b""


class KeyedAnswer(NamedTuple):
    """A saved answer that may be repeated, with the words and the vector of its question."""

    turn_id: str
    chat_id: str
    question: str
    vector: bytes


class AnswerKeyStore:
    """Part of `ChatDatabase`; raises StorageError. Answers that were disliked are never returned.

    Nor are those with a source that is marked as wrong, and those of chats in the trash.
    """

    def __init__(self, db: apsw.Connection) -> None:
        self._db = db

    def save_key(self, turn_id: str, key: AnswerKey) -> None:
        """Let an answer be repeated, if it is on disk."""
        with transaction(self._db):
            self._db.execute(
                "INSERT OR REPLACE INTO answer_keys SELECT turn_id, ?, ?, ? FROM turns"
                " WHERE turn_id = ?",
                (*key, turn_id),
            )

    def find_same_question(self, key: AnswerKey) -> KeyedAnswer | None:
        """Return the latest answer to the same question in the same context."""
        rows = self._rows("AND key.question = ? ORDER BY answer.created DESC LIMIT 1", key[:2])
        return rows[0] if rows else None

    def list_candidates(self, context: bytes) -> Sequence[KeyedAnswer]:
        """Return the answers in a context whose questions have vectors, the latest first."""
        return self._rows(
            "AND vector <> x'' ORDER BY answer.created DESC LIMIT ?", (context, MOST_CANDIDATES)
        )

    def _rows(self, more: str, values: tuple[bytes | int, ...]) -> list[KeyedAnswer]:
        statement = f"SELECT key.turn_id, answer.chat_id, question.text, vector {_USABLE} {more}"
        return [KeyedAnswer(*row) for row in self._db.execute(statement, values)]
