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

PROMPT_TOKENS = 3000
READING_SECONDS = 60.0
"""A machine that reads slowly gets a shorter prompt, so that a run ends."""
WRITTEN = 24
SAVING_SECONDS = 10.0
MOST_RESUMED = 1 / 20
FOLLOW_UP = "And what else is told there?"


class LatencySamples:
    """The measurements of each round, in seconds and tokens."""

    def __init__(self) -> None:
        self.cold: list[float] = []
        self.follow_up: list[float] = []
        self.resumed: list[float] = []
        self.read_anew: list[float] = []
        self.evaluated: list[int] = []
        self.new: list[int] = []
        self.evaluated_resumed: list[int] = []


def measure_first_token(bench: BenchSession) -> list[BenchMetric]:
    """Ask in a long chat: for the first time, once more, and after a restart."""
    length = prompt_length(bench)
    waits = LatencySamples()
    for number in range(max(2, bench.rounds - 2)):
        with _chat_folder(bench, number) as folder:
            _measure_round(bench, number, length, str(folder), waits)
    return _latency_metrics(waits, length)


def prompt_length(bench: BenchSession, wanted: int = PROMPT_TOKENS) -> int:
    """Return the length of a prompt: `wanted`, or less if it must fit and be read in time."""
    loaded = bench.loaded_model
    in_time = int(loaded.prompt_tokens_per_second * READING_SECONDS)
    return max(32, min(bench.fitting_prompt_length(wanted), in_time))


def _measure_round(
    bench: BenchSession, number: int, length: int, folder: str, waits: LatencySamples
) -> None:
    turns = long_question(1000 + number, length, bench.reference.count_prompt_tokens)
    first = bench.start_answer(turns, WRITTEN, folder=folder)
    bench.wait_for_answers(first)
    waits.cold.append(first.seconds_to_first_text)
    turns = with_follow_up(turns, first)
    second = bench.start_answer(turns, WRITTEN, folder=folder)
    bench.wait_for_answers(second)
    waits.follow_up.append(second.seconds_to_first_text)
    waits.evaluated.append(second.tokens_read)
    waits.new.append(
        second.done_event.prompt_tokens
        - len(bench.reference.prompt_tokens(turns[:1]))
        - _answer_tokens(first)
    )
    turns = with_follow_up(turns, second)
    if _saved(bench, Path(folder)):
        bench.restart_engine()
        third = bench.start_answer(turns, WRITTEN, folder=folder)
        bench.wait_for_answers(third)
        waits.resumed.append(third.seconds_to_first_text)
        waits.evaluated_resumed.append(third.tokens_read)
        bench.restart_engine()
        anew = bench.start_answer(turns, WRITTEN)
        bench.wait_for_answers(anew)
        waits.read_anew.append(anew.seconds_to_first_text)


def with_follow_up(turns: tuple[PromptTurn, ...], answer: TimedAnswer) -> tuple[PromptTurn, ...]:
    """Return the chat with its answer and a further question."""
    done = answer.done_event
    reply = PromptTurn(role="assistant", text=done.text, token_ids=done.token_ids)
    return (*turns, reply, PromptTurn(role="user", text=FOLLOW_UP))


def _answer_tokens(answer: TimedAnswer) -> int:
    return len(answer.done_event.token_ids)


@contextlib.contextmanager
def _chat_folder(bench: BenchSession, number: int) -> Iterator[Path]:
    folder = bench.paths.states / f"chat-{number}"
    folder.mkdir()
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _saved(bench: BenchSession, folder: Path) -> bool:
    """Wait until the idle engine has saved its state; return whether it has."""
    waited = 0.0
    while waited < SAVING_SECONDS:
        if any(folder.glob("*.state")):
            bench.wait_seconds(0.2)
            return True
        bench.wait_seconds(0.1)
        waited += 0.1
    return False


def _latency_metrics(waits: LatencySamples, length: int) -> list[BenchMetric]:
    note = "" if length == PROMPT_TOKENS else _("shortened to what fits and is read in a minute")
    seconds = _("s")
    cold = MeasuredValues(tuple(waits.cold))
    figures = [
        BenchMetric(
            key="first_token_cold",
            what=_("first words, {count} tokens new").format(count=length),
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
    return [*figures, *_restart_metrics(waits)]


def _restart_metrics(waits: LatencySamples) -> list[BenchMetric]:
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
