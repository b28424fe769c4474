"""How long a long chat waits for its first words: new, followed up, and after a restart."""

import contextlib
import shutil
from collections.abc import Iterator
from pathlib import Path

from core.engine.bench.answers import Answer
from core.engine.bench.figures import Asked, Figure, Sample, compared
from core.engine.bench.rig import Rig
from core.engine.bench.texts import long_question
from core.messages import PromptTurn
from core.words import _

HISTORY = 3000
READING_SECONDS = 60.0
"""A machine that reads slowly gets a shorter history, so that a run ends."""
WRITTEN = 24
SAVING_SECONDS = 10.0
MOST_RESUMED = 1 / 20
FOLLOW_UP = "And what else is told there?"


class Waits:
    """What was seen in each round, in seconds and tokens."""

    def __init__(self) -> None:
        self.cold: list[float] = []
        self.follow_up: list[float] = []
        self.resumed: list[float] = []
        self.read_anew: list[float] = []
        self.evaluated: list[int] = []
        self.new: list[int] = []
        self.evaluated_resumed: list[int] = []


def measure_first_token(rig: Rig) -> list[Figure]:
    """Ask over a long history: for the first time, again, and again after a restart."""
    history = history_tokens(rig)
    waits = Waits()
    for number in range(max(2, rig.rounds - 2)):
        with _chat_folder(rig, number) as folder:
            _measure_round(rig, number, history, str(folder), waits)
    return _told(waits, history)


def history_tokens(rig: Rig, wanted: int = HISTORY) -> int:
    """Return how long a prompt may be: as wanted, but at most what fits and is read in time."""
    loaded = rig.loaded
    in_time = int(loaded.prompt_tokens_per_second * READING_SECONDS)
    return max(32, min(rig.readable(wanted), in_time))


def _measure_round(rig: Rig, number: int, history: int, folder: str, waits: Waits) -> None:
    turns = long_question(1000 + number, history, rig.bare.count)
    first = rig.ask(turns, WRITTEN, folder=folder)
    rig.finish(first)
    waits.cold.append(first.waited)
    turns = followed_up(turns, first)
    second = rig.ask(turns, WRITTEN, folder=folder)
    rig.finish(second)
    waits.follow_up.append(second.waited)
    waits.evaluated.append(second.read)
    waits.new.append(second.told.prompt_tokens - len(rig.bare.tokens(turns[:1])) - _kept(first))
    turns = followed_up(turns, second)
    if _saved(rig, Path(folder)):
        rig.restart()
        third = rig.ask(turns, WRITTEN, folder=folder)
        rig.finish(third)
        waits.resumed.append(third.waited)
        waits.evaluated_resumed.append(third.read)
        rig.restart()
        anew = rig.ask(turns, WRITTEN)
        rig.finish(anew)
        waits.read_anew.append(anew.waited)


def followed_up(turns: tuple[PromptTurn, ...], answer: Answer) -> tuple[PromptTurn, ...]:
    """Return the chat with its answer and a further question."""
    told = answer.told
    said = PromptTurn(role="assistant", text=told.text, token_ids=told.token_ids)
    return (*turns, said, PromptTurn(role="user", text=FOLLOW_UP))


def _kept(answer: Answer) -> int:
    return len(answer.told.token_ids)


@contextlib.contextmanager
def _chat_folder(rig: Rig, number: int) -> Iterator[Path]:
    folder = rig.paths.states / f"chat-{number}"
    folder.mkdir()
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _saved(rig: Rig, folder: Path) -> bool:
    """Wait until the engine has written what it read; it does so when nobody asks anything."""
    waited = 0.0
    while waited < SAVING_SECONDS:
        if any(folder.glob("*.state")):
            rig.pause(0.2)
            return True
        rig.pause(0.1)
        waited += 0.1
    return False


def _told(waits: Waits, history: int) -> list[Figure]:
    note = "" if history == HISTORY else _("shortened to what fits and is read in a minute")
    seconds = _("s")
    cold = Sample(tuple(waits.cold))
    figures = [
        Figure(
            key="first_token_cold",
            what=_("first words, {count} tokens new").format(count=history),
            unit=seconds,
            value=cold.median,
            spread=cold.spread,
            note=note,
        ),
        compared(
            "first_token_follow_up",
            _("first words, next question there"),
            seconds,
            waits.follow_up,
            waits.cold,
            reference_name=_("the first time"),
        ),
        Figure(
            key="follow_up_evaluated",
            what=_("tokens evaluated for it"),
            unit=_("tokens"),
            value=max(waits.evaluated),
            reference=max(waits.new),
            reference_name=_("new ones"),
            ratio=None,
            asked=Asked(most=max(waits.new) + 1),
        ),
    ]
    return [*figures, *_told_of_restart(waits)]


def _told_of_restart(waits: Waits) -> list[Figure]:
    what = _("first words, after a restart")
    if not waits.resumed:
        note = _("not saved: the engine reads this anew within a second")
        return [Figure(key="first_token_resumed", what=what, note=note)]
    read = ", ".join(map(str, waits.evaluated_resumed))
    return [
        compared(
            "first_token_resumed",
            what,
            _("s"),
            waits.resumed,
            waits.read_anew,
            reference_name=_("read anew"),
            asked=Asked(most=MOST_RESUMED),
            note=_("tokens evaluated: {counts}").format(counts=read),
        )
    ]
