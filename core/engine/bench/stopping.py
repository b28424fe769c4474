"""How soon Stop works, and how long a long prompt holds up an answer that is being written."""

import itertools

from core.engine.bench.answers import Answer
from core.engine.bench.figures import Asked, Figure, Sample, compared
from core.engine.bench.first_token import history_tokens
from core.engine.bench.rig import Rig
from core.engine.bench.texts import STORIES, long_question, question
from core.words import _

PROMPT = 4000
SHARES = (0.15, 0.35, 0.5, 0.65, 0.85)
"""When Stop is pressed, as a share of the time that reading takes."""
WRITING_SECONDS = (0.05, 0.13, 0.21, 0.34, 0.55)
MOST_MILLISECONDS = 100.0


def measure_stop(rig: Rig) -> list[Figure]:
    """Stop while a long prompt is read, and while an answer is written."""
    length = history_tokens(rig, PROMPT)
    expected = length / rig.loaded.prompt_tokens_per_second
    reading, writing = [], []
    for number in range(rig.rounds):
        turns = long_question(2000 + number, length, rig.bare.count)
        answer = rig.ask(turns, 8)
        rig.until(lambda answer=answer: answer.fitted is not None)  # type: ignore[misc]
        rig.pause(expected * SHARES[number % len(SHARES)])
        if not answer.chunks:
            reading.append(_stopped(rig, answer))
        answer = rig.ask(question(STORIES[number % len(STORIES)]), 400)
        rig.until(lambda answer=answer: bool(answer.chunks))  # type: ignore[misc]
        rig.pause(WRITING_SECONDS[number % len(WRITING_SECONDS)])
        if not answer.done:
            writing.append(_stopped(rig, answer))
    while_reading = _("Stop, {count} tokens being read").format(count=length)
    return [
        _figure("stop_reading", while_reading, reading),
        _figure("stop_writing", _("Stop, an answer being written"), writing),
    ]


def _stopped(rig: Rig, answer: Answer) -> float:
    """Press Stop and return the milliseconds until the engine says it has."""
    pressed = rig.now
    rig.engine.cancel(answer.request_id)
    rig.finish(answer)
    return (answer.ended - pressed) * 1000


def _figure(key: str, what: str, milliseconds: list[float]) -> Figure:
    if not milliseconds:
        return Figure(key=key, what=what, note=_("it was over before Stop could be pressed"))
    sample = Sample(tuple(milliseconds))
    return Figure(
        key=key,
        what=what,
        unit=_("ms"),
        value=max(milliseconds),
        asked=Asked(most=MOST_MILLISECONDS),
        note=_("the slowest of {count}; in the middle {median:.1f} ms").format(
            count=len(milliseconds), median=sample.median
        ),
    )


def measure_gap(rig: Rig) -> list[Figure]:
    """Watch one answer while a long prompt is read beside it."""
    length = history_tokens(rig)
    alone, beside = [], []
    for number in range(max(1, rig.rounds // 2)):
        turns = long_question(3000 + number, length, rig.bare.count)
        answer = rig.ask(question(STORIES[number % len(STORIES)]), 1000)
        rig.until(lambda answer=answer: len(answer.chunks) >= 20 or bool(answer.done))  # type: ignore[misc]
        before = len(answer.chunks)
        other = rig.ask(turns, 4)
        rig.finish(other)
        if not answer.done:
            rig.engine.cancel(answer.request_id)
            rig.finish(answer)
        seen = [at for at in answer.chunks if at <= other.first]
        alone.append(longest_gap(answer.chunks[:before]) * 1000)
        beside.append(longest_gap(seen[max(before - 1, 0) :]) * 1000)
    what = _("longest pause, {count} tokens read beside").format(count=length)
    return [
        compared(
            "gap",
            what,
            _("ms"),
            beside,
            alone,
            reference_name=_("before that"),
        )
    ]


def longest_gap(times: list[float]) -> float:
    """Return the longest time between two that follow each other; 0 of fewer than two."""
    return max((later - earlier for earlier, later in itertools.pairwise(times)), default=0.0)
