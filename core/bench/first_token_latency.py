"""Benchmark of the first token in a long chat: new, followed up, and after a restart."""

import contextlib
import shutil
from collections.abc import Iterator
from pathlib import Path

from core.base.i18n import _
from core.bench.bench_metrics import BenchMetric, MeasuredValues, MetricTarget, compared_metric
from core.bench.bench_prompts import long_question
from core.bench.bench_session import BenchSession
from core.bench.timed_answer import TimedAnswer
from core.messages import PromptTurn

HISTORY = 3000
READING_SECONDS = 60.0
"""A machine that reads slowly gets a shorter history, so that a run ends."""
WRITTEN = 24
SAVING_SECONDS = 10.0
MOST_RESUMED = 1 / 20
FOLLOW_UP = "And what else is told there?"


class LatencySamples:
    """What was seen in each round, in seconds and tokens."""

    def __init__(self) -> None:
        self.cold: list[float] = []
        self.follow_up: list[float] = []
        self.resumed: list[float] = []
        self.read_anew: list[float] = []
        self.evaluated: list[int] = []
        self.new: list[int] = []
        self.evaluated_resumed: list[int] = []


def measure_first_token(rig: BenchSession) -> list[BenchMetric]:
    """Ask over a long history: for the first time, again, and again after a restart."""
    history = history_tokens(rig)
    waits = LatencySamples()
    for number in range(max(2, rig.rounds - 2)):
        with _chat_folder(rig, number) as folder:
            _measure_round(rig, number, history, str(folder), waits)
    return _told(waits, history)


def history_tokens(rig: BenchSession, wanted: int = HISTORY) -> int:
    """Return how long a prompt may be: as wanted, but at most what fits and is read in time."""
    loaded = rig.loaded_model
    in_time = int(loaded.prompt_tokens_per_second * READING_SECONDS)
    return max(32, min(rig.fitting_prompt_length(wanted), in_time))


def _measure_round(
    rig: BenchSession, number: int, history: int, folder: str, waits: LatencySamples
) -> None:
    turns = long_question(1000 + number, history, rig.reference.count_prompt_tokens)
    first = rig.start_answer(turns, WRITTEN, folder=folder)
    rig.wait_for_answers(first)
    waits.cold.append(first.seconds_to_first_text)
    turns = with_follow_up(turns, first)
    second = rig.start_answer(turns, WRITTEN, folder=folder)
    rig.wait_for_answers(second)
    waits.follow_up.append(second.seconds_to_first_text)
    waits.evaluated.append(second.tokens_read)
    waits.new.append(
        second.done_event.prompt_tokens - len(rig.reference.prompt_tokens(turns[:1])) - _kept(first)
    )
    turns = with_follow_up(turns, second)
    if _saved(rig, Path(folder)):
        rig.restart_engine()
        third = rig.start_answer(turns, WRITTEN, folder=folder)
        rig.wait_for_answers(third)
        waits.resumed.append(third.seconds_to_first_text)
        waits.evaluated_resumed.append(third.tokens_read)
        rig.restart_engine()
        anew = rig.start_answer(turns, WRITTEN)
        rig.wait_for_answers(anew)
        waits.read_anew.append(anew.seconds_to_first_text)


def with_follow_up(turns: tuple[PromptTurn, ...], answer: TimedAnswer) -> tuple[PromptTurn, ...]:
    """Return the chat with its answer and a further question."""
    told = answer.done_event
    said = PromptTurn(role="assistant", text=told.text, token_ids=told.token_ids)
    return (*turns, said, PromptTurn(role="user", text=FOLLOW_UP))


def _kept(answer: TimedAnswer) -> int:
    return len(answer.done_event.token_ids)


@contextlib.contextmanager
def _chat_folder(rig: BenchSession, number: int) -> Iterator[Path]:
    folder = rig.paths.states / f"chat-{number}"
    folder.mkdir()
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _saved(rig: BenchSession, folder: Path) -> bool:
    """Wait until the engine has written what it read; it does so when nobody asks anything."""
    waited = 0.0
    while waited < SAVING_SECONDS:
        if any(folder.glob("*.state")):
            rig.wait_seconds(0.2)
            return True
        rig.wait_seconds(0.1)
        waited += 0.1
    return False


def _told(waits: LatencySamples, history: int) -> list[BenchMetric]:
    note = "" if history == HISTORY else _("shortened to what fits and is read in a minute")
    seconds = _("s")
    cold = MeasuredValues(tuple(waits.cold))
    figures = [
        BenchMetric(
            key="first_token_cold",
            what=_("first words, {count} tokens new").format(count=history),
            unit=seconds,
            value=cold.median,
            spread=cold.spread,
            note=note,
        ),
        compared_metric(
            "first_token_follow_up",
            _("first words, next question there"),
            seconds,
            waits.follow_up,
            waits.cold,
            reference_name=_("the first time"),
        ),
        BenchMetric(
            key="follow_up_evaluated",
            what=_("tokens evaluated for it"),
            unit=_("tokens"),
            value=max(waits.evaluated),
            reference=max(waits.new),
            reference_name=_("new ones"),
            ratio=None,
            asked=MetricTarget(most=max(waits.new) + 1),
        ),
    ]
    return [*figures, *_told_of_restart(waits)]


def _told_of_restart(waits: LatencySamples) -> list[BenchMetric]:
    what = _("first words, after a restart")
    if not waits.resumed:
        note = _("not saved: the engine reads this anew within a second")
        return [BenchMetric(key="first_token_resumed", what=what, note=note)]
    read = ", ".join(map(str, waits.evaluated_resumed))
    return [
        compared_metric(
            "first_token_resumed",
            what,
            _("s"),
            waits.resumed,
            waits.read_anew,
            reference_name=_("read anew"),
            asked=MetricTarget(most=MOST_RESUMED),
            note=_("tokens evaluated: {counts}").format(counts=read),
        )
    ]
