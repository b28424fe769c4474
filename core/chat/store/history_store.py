"""History rows: chats of other programs, written once, and what was added to them since."""

from enum import StrEnum

import apsw
import msgspec

from core.base.database import transaction
from core.chat.conversations.chat_style import DEFAULT_CHAT_STYLE
from core.chat.conversations.conversation import AnswerStatistics, Conversation, Turn

_NO_TOKENS = msgspec.msgpack.encode(())
_NO_STATISTICS = msgspec.json.encode(AnswerStatistics()).decode()
_STYLE = msgspec.json.encode(DEFAULT_CHAT_STYLE).decode()


class HistoryOutcome(StrEnum):
    """What has become of an imported chat: new here, longer than before, or known as it is."""

    NEW = "new"
    GROWN = "grown"
    KNOWN = "known"


class HistoryStore:
    """Writes chats whose ids are made from those of their program."""

    def __init__(self, db: apsw.Connection) -> None:
        self._db = db

    def add_chats(self, chats: tuple[Conversation, ...]) -> list[HistoryOutcome]:
        """Write chats, all or none; a known one gets the turns it lacks. Raises StorageError."""
        with transaction(self._db):
            return [self._add_chat(chat) for chat in chats]

    def _add_chat(self, chat: Conversation) -> HistoryOutcome:
        row = self._db.execute(
            "SELECT leaf_id FROM chats WHERE chat_id = ?", (chat.chat_id,)
        ).fetchone()
        if row is None:
            self._db.execute(
                """INSERT INTO chats (chat_id, title, created, updated, leaf_id, manner, titled_by)
                   VALUES (?, ?, ?, ?, ?, ?, 'person')""",
                (chat.chat_id, chat.title, chat.created, chat.updated, chat.leaf_id, _STYLE),
            )
            self._add_turns(chat.chat_id, list(chat.turns.values()))
            return HistoryOutcome.NEW
        known = {
            str(found[0])
            for found in self._db.execute(
                "SELECT turn_id FROM turns WHERE chat_id = ?", (chat.chat_id,)
            )
        }
        new = [turn for turn in chat.turns.values() if turn.turn_id not in known]
        there = known | {turn.turn_id for turn in new}
        new = [turn for turn in new if turn.parent_id is None or turn.parent_id in there]
        if not new:
            return HistoryOutcome.KNOWN
        self._add_turns(chat.chat_id, new)
        follows = row[0] in chat.turns and chat.leaf_id in there
        self._db.execute(
            """UPDATE chats SET updated = max(updated, ?), leaf_id = iif(?, ?, leaf_id)
               WHERE chat_id = ?""",
            (chat.updated, follows, chat.leaf_id, chat.chat_id),
        )
        return HistoryOutcome.GROWN

    def _add_turns(self, chat_id: str, turns: list[Turn]) -> None:
        self._db.executemany(
            """INSERT INTO turns (turn_id, chat_id, parent_id, role, state, created, text, raw,
                                  thinking, sent, token_ids, fingerprint, model, statistics, note)
               VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, '', ?, '', ?, ?, ?)""",
            [
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
                    _NO_TOKENS,
                    turn.model,
                    _NO_STATISTICS,
                    turn.note,
                )
                for turn in turns
            ],
        )
