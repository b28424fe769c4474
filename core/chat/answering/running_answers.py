"""Running answers: the table of the answers on their way."""

from collections.abc import Iterator

from core.chat.answering.answer_run import AnswerRun


class RunningAnswers:
    """One thread uses it. It says whether the engine is free for other work."""

    def __init__(self) -> None:
        self._runs: dict[str, AnswerRun] = {}
        self._remote: set[str] = set()  # turns that a server answers

    def __iter__(self) -> Iterator[AnswerRun]:
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

    def add_answer(self, run: AnswerRun, *, is_remote: bool) -> None:
        """Add an answer that is about to start."""
        self._runs[run.turn_id] = run
        if is_remote:
            self._remote.add(run.turn_id)

    def remove_answer(self, turn_id: str) -> bool:
        """Remove an answer that has ended; returns whether it was there."""
        self._remote.discard(turn_id)
        return self._runs.pop(turn_id, None) is not None

    def remove_all_answers(self) -> tuple[AnswerRun, ...]:
        """Empty the table and return what was in it."""
        runs = tuple(self._runs.values())
        self._runs.clear()
        self._remote.clear()
        return runs
