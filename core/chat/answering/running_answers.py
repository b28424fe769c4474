"""Running answers: the table of the answers on their way."""

from collections.abc import Iterator
from typing import Protocol

from core.chat.conversations.conversation import Conversation


class InConversation(Protocol):
    """Something of one chat."""

    @property
    def conversation(self) -> Conversation:
        """The chat."""


class AnswerUnderWay(Protocol):
    """An answer on its way, several samples that become one, or the checks of one."""

    turn_id: str

    @property
    def draft(self) -> InConversation:
        """The answer in its chat."""

    @property
    def is_computing(self) -> bool:
        """Whether a model computes for it."""

    @property
    def holds_engine(self) -> bool:
        """Whether it needs the model that is loaded or being loaded now."""

    def stop(self) -> None:
        """End the answer with what it has."""

    def close(self) -> None:
        """End now, without waiting for the engine; what has come is saved."""

    def check_deadlines(self) -> None:
        """Save what is due; to be called often."""

    def retry_engine(self) -> None:
        """Another answer has ended: ask for the engine again if this one waits for it."""


class RunningAnswers:
    """One thread uses it. It says whether the engine is free for other work."""

    def __init__(self) -> None:
        self._runs: dict[str, AnswerUnderWay] = {}
        self._remote: set[str] = set()  # turns that a server answers

    def __iter__(self) -> Iterator[AnswerUnderWay]:
        """Iterate over the answers of this moment, the first asked first."""
        return iter(tuple(self._runs.values()))

    @property
    def turn_ids(self) -> tuple[str, ...]:
        """The turns that are being answered, the first asked first."""
        return tuple(self._runs)

    @property
    def uses_engine(self) -> bool:
        """Whether an answer needs the model that is loaded or being loaded on this computer."""
        return any(
            run.holds_engine for turn_id, run in self._runs.items() if turn_id not in self._remote
        )

    @property
    def is_computing(self) -> bool:
        """Whether a model computes for one of them."""
        return any(run.is_computing for run in self._runs.values())

    def add_answer(self, run: AnswerUnderWay, *, is_remote: bool) -> None:
        """Add an answer that is about to start."""
        self._runs[run.turn_id] = run
        if is_remote:
            self._remote.add(run.turn_id)

    def remove_answer(self, turn_id: str) -> bool:
        """Remove an answer that has ended; returns whether it was there."""
        self._remote.discard(turn_id)
        return self._runs.pop(turn_id, None) is not None

    def remove_all_answers(self) -> tuple[AnswerUnderWay, ...]:
        """Empty the table and return what was in it."""
        runs = tuple(self._runs.values())
        self._runs.clear()
        self._remote.clear()
        return runs
