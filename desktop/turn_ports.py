"""The calls the window makes about single turns, as a type: `core.app.turns` has them."""

from typing import Protocol

from core.app.events import AnswerStarted
from core.app.turns import Details
from core.chat.conversation import Turn
from core.chat.tree import Removal


class TurnCalls(Protocol):
    """What is asked about turns; a call that raises InglenookError has changed nothing."""

    def again(
        self, chat_id: str, turn_id: str, *, folder_ids: tuple[str, ...] = (), when_full: str = ""
    ) -> AnswerStarted:
        """Answer the question of an answer once more."""

    def resume(self, chat_id: str, turn_id: str) -> AnswerStarted:
        """Let the model go on with an answer."""

    def edit_question(
        self, chat_id: str, turn_id: str, text: str, *, folder_ids: tuple[str, ...] = ()
    ) -> AnswerStarted:
        """Ask in other words."""

    def edit_answer(self, chat_id: str, turn_id: str, text: str) -> Turn:
        """Put another wording beside an answer."""

    def step(self, chat_id: str, turn_id: str, by: int) -> None:
        """Show another version."""

    def branch(self, chat_id: str, turn_id: str) -> str:
        """Copy what leads to a turn to a new chat; return its id."""

    def delete(self, chat_id: str, turn_id: str) -> Removal:
        """Delete a turn."""

    def restore(self, removed: Removal) -> None:
        """Take a deletion back."""

    def rate(self, chat_id: str, turn_id: str, rating: int, note: str = "") -> None:
        """Keep what the person thinks of an answer."""

    def details(self, chat_id: str, turn_id: str) -> Details:
        """Return all that is known of an answer."""
