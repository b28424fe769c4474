"""Benchmark of speculative decoding: gain on answers that quote, no loss on others."""

import itertools
from collections.abc import Sequence

from msgspec import Struct

from core.base.i18n import _
from core.bench.bench_metrics import BenchMetric, MetricTarget, compared_metric
from core.bench.bench_prompts import (
    PASSAGES,
    QUOTE_REQUESTS,
    STORY_REQUESTS,
    question_turns,
    quoted_share,
)
from core.bench.bench_session import BenchSession
from core.bench.timed_answer import TimedAnswer
from core.messages import PromptTurn

WRITTEN = 160
PROSE_WRITTEN = 128
PROSE = 3
SIZES = (32, 16, 8)
LEAST_QUOTED = 0.6
LEAST_ACCEPTED = 3.0
LEAST_OF_CEILING = 0.9
NEVER_SLOWER = 0.98


class QuotingPrompt(Struct, frozen=True):
    """A prompt, and the answer of the reference loop, which quotes it."""

    turns: tuple[PromptTurn, ...]
    prompt: tuple[int, ...]
    answer: tuple[int, ...]


class SpeculationRuns:
    """Answers to the same prompts with speculation and without, round by round."""

    def __init__(self) -> None:
        self.speculative: list[TimedAnswer] = []
        self.plain: list[TimedAnswer] = []
        self.ceiling: list[float] = []
        """Tokens per second of the reference loop when each draft token is right."""

    def answer_both_ways(
        self, bench: BenchSession, turns: tuple[PromptTurn, ...], tokens: int
    ) -> None:
        """Answer both ways, in alternating order, so that neither profits.

        Both continue from the same cells: other batches would differ in the last bits.
        """
        bench.complete_answer(turns, 1)
        order = (True, False) if len(self.plain) % 2 else (False, True)
        for drafting in order:
            answer = bench.complete_answer(turns, tokens, drafting=drafting)
            (self.speculative if drafting else self.plain).append(answer)


def measure_quoting(bench: BenchSession) -> list[BenchMetric]:
    """Measure answers that quote a passage: accepted tokens, the gain, and the upper bound."""
    what = _("quoting, guessed ahead")
    if bench.reference.is_recurrent:
        note = _("this kind of model can't take back guesses")
        return [BenchMetric(key="quoting", what=what, note=note)]
    found = quoting_prompts(bench)
    if not found:
        return [
            BenchMetric(key="quoting", what=what, note=_("this model quotes none of the passages"))
        ]
    runs = SpeculationRuns()
    for _number, each in itertools.product(range(bench.rounds), found):
        runs.answer_both_ways(bench, each.turns, WRITTEN)
        seconds = min(bench.reference.time_checking(each.prompt, each.answer, SIZES))
        runs.ceiling.append(len(each.answer) / seconds)
    return [*_gains(runs, len(found)), _difference(bench, "quoting_difference", runs)]


def measure_prose(bench: BenchSession) -> list[BenchMetric]:
    """Measure ordinary answers, which speculation must not slow down."""
    if bench.reference.is_recurrent:
        note = _("this kind of model can't take back guesses")
        return [BenchMetric(key="prose", what=_("ordinary prose, guessed ahead"), note=note)]
    runs = SpeculationRuns()
    for _number, story in itertools.product(range(bench.rounds), STORY_REQUESTS[:PROSE]):
        runs.answer_both_ways(bench, question_turns(story), PROSE_WRITTEN)
    figure = compared_metric(
        "prose",
        _("ordinary prose, guessed ahead"),
        _("tokens/s"),
        [answer.tokens_per_second for answer in runs.speculative],
        [answer.tokens_per_second for answer in runs.plain],
        reference_name=_("without guessing"),
        asked=MetricTarget(least=NEVER_SLOWER),
        note=_accepted_note(runs.speculative),
    )
    return [figure, _difference(bench, "prose_difference", runs)]


def quoting_prompts(bench: BenchSession) -> list[QuotingPrompt]:
    """Return a prompt for each passage that this model answers by quoting it."""
    found = []
    for passage in PASSAGES:
        for form in QUOTE_REQUESTS:
            turns = question_turns(form.format(passage=passage))
            prompt = bench.reference.prompt_tokens(turns)
            if len(prompt) + WRITTEN > bench.loaded_model.context:
                continue
            answer = bench.reference.write_greedily(prompt, WRITTEN)
            if len(answer) >= SIZES[0] and quoted_share(answer, prompt) >= LEAST_QUOTED:
                found.append(QuotingPrompt(turns, prompt, answer))
                break
    return found


def _gains(runs: SpeculationRuns, prompts: int) -> list[BenchMetric]:
    accepted = accepted_per_check(runs.speculative)
    name = _("{count} passages").format(count=prompts)
    return [
        BenchMetric(
            key="accepted_per_check",
            what=_("right guesses a check, quoting"),
            unit=_("tokens"),
            value=accepted,
            asked=MetricTarget(least=LEAST_ACCEPTED),
            note=f"{name}; {_accepted_note(runs.speculative)}",
        ),
        compared_metric(
            "quoting_gain",
            _("quoting, guessed ahead"),
            _("tokens/s"),
            [answer.tokens_per_second for answer in runs.speculative],
            [answer.tokens_per_second for answer in runs.plain],
            reference_name=_("without guessing"),
            asked=MetricTarget(least=NEVER_SLOWER),
        ),
        compared_metric(
            "quoting_ceiling",
            _("the same, against the most possible"),
            _("tokens/s"),
            [answer.tokens_per_second for answer in runs.speculative],
            runs.ceiling,
            reference_name=_("bare loop, each guess right"),
            asked=MetricTarget(least=LEAST_OF_CEILING),
        ),
    ]


def accepted_per_check(answers: Sequence[TimedAnswer]) -> float:
    """Return the accepted tokens of all answers for each check of draft tokens."""
    checks = sum(answer.done_event.checks for answer in answers)
    return sum(answer.done_event.accepted_tokens for answer in answers) / checks if checks else 0.0


def _accepted_note(answers: Sequence[TimedAnswer]) -> str:
    drafted = sum(answer.done_event.drafted_tokens for answer in answers)
    accepted = sum(answer.done_event.accepted_tokens for answer in answers)
    sentence = _("{accepted} of {drafted} guesses were right")
    return sentence.format(accepted=accepted, drafted=drafted)


def first_difference(ours: Sequence[int], theirs: Sequence[int]) -> int | None:
    """Return the first place where two answers differ, None when both are the same."""
    for place, (our, their) in enumerate(itertools.zip_longest(ours, theirs)):
        if our != their:
            return place
    return None


def _difference(bench: BenchSession, key: str, runs: SpeculationRuns) -> BenchMetric:
    """Return where speculation first changed an answer, with the logits of both tokens."""
    differences = []
    for speculative, plain in zip(runs.speculative, runs.plain, strict=True):
        ours, theirs = speculative.done_event.token_ids, plain.done_event.token_ids
        place = first_difference(ours, theirs)
        if place is not None or speculative.done_event.text != plain.done_event.text:
            differences.append((place or 0, ours, theirs, plain.turns))
    same = len(runs.speculative) - len(differences)
    figure = BenchMetric(
        key=key,
        what=_("answers that are the same either way"),
        value=same,
        reference=len(runs.speculative),
        reference_name=_("all"),
    )
    if not differences:
        return figure
    place, ours, theirs, turns = min(differences, key=lambda each: each[0])
    return BenchMetric(
        key=key,
        what=figure.what,
        value=same,
        reference=figure.reference,
        reference_name=figure.reference_name,
        note=_("differ from token {place} on: {logits}").format(
            place=place + 1, logits=both_logits(bench, turns, ours, theirs, place)[0]
        ),
    )


def both_logits(
    bench: BenchSession,
    turns: tuple[PromptTurn, ...],
    ours: Sequence[int],
    theirs: Sequence[int],
    place: int,
) -> tuple[str, float]:
    """Describe the logits that the reference loop gives two tokens; return their distance, too.

    An answer that ends there has none: the text says so, and the distance is infinite.
    """
    if place >= min(len(ours), len(theirs)):
        return _("one of them ends there"), float("inf")
    prompt, wanted = bench.reference.prompt_tokens(turns), (ours[place], theirs[place])
    first, second = bench.reference.logits(prompt, theirs[:place], wanted)
    return _("logits {first:.4f} and {second:.4f}").format(first=first, second=second), abs(
        first - second
    )
