"""Benchmark of mixes: answers are written while prompts of several lengths are read beside."""

import itertools
import statistics
from collections.abc import Sequence
from typing import NamedTuple

from core.base.i18n import _
from core.bench.bench_metrics import BenchMetric, MeasuredValues, MetricTarget, compared_metric
from core.bench.bench_prompts import long_question
from core.bench.bench_session import BenchSession
from core.bench.timed_answer import TimedAnswer
from core.messages import ModelLoaded, PromptTurn

MIXED = (2, 4, 8)
LENGTHS = (50, 500, 2000, 8000)
"""Tokens of the prompts; those that don't fit or take too long are shorter."""
READING_SECONDS = 8.0
"""Of all prompts of a mix, which are read twice in a round."""
WRITTEN = 96
MOST_ROUNDS = 3
MOST_MILLISECONDS, LEAST_SPEED = 100.0, 0.95
_SEED = 5000
_CAP_STEP = 50

Prompts = Sequence[tuple[PromptTurn, ...]]


class MixRound(NamedTuple):
    """What one mix showed: milliseconds of all pauses, and tokens a second of it and in turn."""

    pauses: tuple[float, ...]
    mixed: float
    in_turn: float


def measure_mixes(bench: BenchSession) -> list[BenchMetric]:
    """Answer 2, 4 and 8 prompts of several lengths at once; the first one is writing before.

    By a model that was timed on this machine, as the app's is.
    """
    most = bench.restart_engine(timed=True).placement.sequences
    metrics: list[BenchMetric] = []
    for number, size in enumerate(each for each in MIXED if each <= most):
        rounds = [
            measure_round(bench, size, _SEED + 100 * number + 10 * round_)
            for round_ in range(min(bench.rounds, MOST_ROUNDS))
        ]
        metrics += _metrics(size, rounds)
    bench.restart_engine()
    return metrics


def prompt_lengths(loaded: ModelLoaded, size: int) -> list[int]:
    """Return the tokens of each prompt of a mix: all of them fit together, and are read in time."""
    wanted = [LENGTHS[place % len(LENGTHS)] for place in range(size)]
    room = min(
        loaded.context - size * (WRITTEN + 8),
        int(loaded.prompt_tokens_per_second * READING_SECONDS),
    )
    caps = range(max(wanted), 0, -_CAP_STEP)
    cap = next((each for each in caps if _capped(wanted, each) <= room), _CAP_STEP)
    return [min(each, cap) for each in wanted]


def _capped(lengths: Sequence[int], cap: int) -> int:
    return sum(min(each, cap) for each in lengths)


def measure_round(bench: BenchSession, size: int, seed: int) -> MixRound:
    """Answer a mix, then the same prompts in the best order: read one by one, written together."""
    lengths = prompt_lengths(bench.loaded_model, size)
    count = bench.reference.count_prompt_tokens
    prompts = [long_question(seed + n, length, count) for n, length in enumerate(lengths)]
    answers = _mixed(bench, prompts)
    others = [long_question(seed + 50 + n, length, count) for n, length in enumerate(lengths)]
    return MixRound(
        tuple(1000 * pause for answer in answers for pause in pauses(answer)),
        _tokens(answers) / (max(each.ended for each in answers) - answers[0].asked),
        _speed_in_turn(bench, others),
    )


def pauses(answer: TimedAnswer) -> list[float]:
    """Return the seconds between what a reader saw of an answer."""
    return [later - earlier for earlier, later in itertools.pairwise(answer.chunks)]


def _mixed(bench: BenchSession, prompts: Prompts) -> list[TimedAnswer]:
    first = bench.start_answer(prompts[0], WRITTEN)
    bench.wait_until(lambda: bool(first.chunks or first.done))
    answers = [first, *(bench.start_answer(turns, WRITTEN) for turns in prompts[1:])]
    bench.wait_for_answers(*answers)
    return answers


def _speed_in_turn(bench: BenchSession, prompts: Prompts) -> float:
    read = [bench.complete_answer(turns, 1) for turns in prompts]
    answers = [bench.start_answer(turns, WRITTEN) for turns in prompts]
    bench.wait_for_answers(*answers)
    seconds = sum(each.ended - each.asked for each in read)
    seconds += max(each.ended for each in answers) - answers[0].asked
    return (_tokens(read) + _tokens(answers) - len(read)) / seconds


def _tokens(answers: Sequence[TimedAnswer]) -> int:
    return sum(each.tokens_read + each.done_event.completion_tokens for each in answers)


def _metrics(size: int, rounds: Sequence[MixRound]) -> list[BenchMetric]:
    late = [percentile_99(each.pauses) for each in rounds if each.pauses]
    sample = MeasuredValues(tuple(late))
    longest = max((pause for each in rounds for pause in each.pauses), default=0.0)
    return [
        BenchMetric(
            key=f"mix_pause_{size}",
            what=_("{count} answers, prompts read beside: 99 of 100 pauses").format(count=size),
            unit=_("ms"),
            value=sample.median if late else None,
            spread=sample.spread,
            asked=MetricTarget(most=MOST_MILLISECONDS),
            note=_("the longest took {milliseconds:.0f} ms").format(milliseconds=longest),
        ),
        compared_metric(
            f"mix_speed_{size}",
            _("{count} answers and their prompts together").format(count=size),
            _("tokens/s"),
            [each.mixed for each in rounds],
            [each.in_turn for each in rounds],
            reference_name=_("prompts one by one, then the answers"),
            asked=MetricTarget(least=LEAST_SPEED),
        ),
    ]


def percentile_99(values: Sequence[float]) -> float:
    """Return the value that 99 of 100 don't exceed."""
    if len(values) < 2:
        return max(values, default=0.0)
    return statistics.quantiles(values, n=100, method="inclusive")[-1]
