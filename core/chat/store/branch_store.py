"""Branch store: the shown branch, turns that go or return, and ratings of answers."""

from typing import NamedTuple

import apsw

from core.base.database import transaction
from core.chat.conversations.conversation import SentPrompt
from core.chat.conversations.turn_tree import TurnRemoval
from core.chat.store.answer_rows import read_sent_prompt
from core.chat.store.turn_rows import write_turn


class ChosenAnswer(NamedTuple):
    """An answer that a person liked: rated well, or written anew by themselves."""

    chat_id: str
    turn_id: str
    is_edited: bool


class BranchStore:
    """Part of `ChatDatabase`; each call is one transaction, and raises StorageError."""

    def __init__(self, db: apsw.Connection) -> None:
        self._db = db

    def show_branch(self, chat_id: str, leaf_id: str | None) -> None:
        """Show the branch that ends with a turn."""
        with transaction(self._db):
            self._show(chat_id, leaf_id)

    def remove_turns(self, removed: TurnRemoval) -> None:
        """Delete turns; those that followed them move to another parent."""
        with transaction(self._db):
            self._move(removed.moved)
            for turn in removed.turns:
                self._db.execute("DELETE FROM turns WHERE turn_id = ?", (turn.turn_id,))
            self._show(removed.chat_id, removed.leaf_id)

    def restore_turns(self, removed: TurnRemoval, leaf_id: str | None) -> None:
        """Undo a removal."""
        with transaction(self._db):
            for turn in removed.turns:
                write_turn(self._db, removed.chat_id, turn)
            self._move(removed.parents)
            self._show(removed.chat_id, leaf_id)

    def rate_answer(self, turn_id: str, rating: int, note: str) -> None:
        """Save the person's rating of an answer."""
        with transaction(self._db):
            self._db.execute(
                "UPDATE turns SET rating = ?, rating_note = ? WHERE turn_id = ?",
                (rating, note, turn_id),
            )

    def chosen_answers(self) -> tuple[ChosenAnswer, ...]:
        """Return the answers that a person rated well or wrote anew, oldest first.

        Those of chats in the trash are left out.
        """
        rows = self._db.execute(
            """SELECT chat_id, turn_id, edited FROM turns JOIN chats USING (chat_id)
               WHERE role = 'assistant' AND state = 'done' AND trashed IS NULL
                     AND rating >= 0 AND (rating > 0 OR edited = 1) ORDER BY turn_id"""
        )
        return tuple(
            ChosenAnswer(str(chat), str(turn), bool(edited)) for chat, turn, edited in rows
        )

    def sent_prompt(self, turn_id: str) -> SentPrompt | None:
        """Return the prompt of an answer, None if it was not saved."""
        return read_sent_prompt(self._db, turn_id)

    def _show(self, chat_id: str, leaf_id: str | None) -> None:
        self._db.execute("UPDATE chats SET leaf_id = ? WHERE chat_id = ?", (leaf_id, chat_id))

    def _move(self, parents: dict[str, str | None]) -> None:
        self._db.executemany(
            "UPDATE turns SET parent_id = ? WHERE turn_id = ?",
            [(parent_id, turn_id) for turn_id, parent_id in parents.items()],
        )
