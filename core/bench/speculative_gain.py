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
    """A prompt, and the answer the bare loop gives, which quotes it."""

    turns: tuple[PromptTurn, ...]
    prompt: tuple[int, ...]
    answer: tuple[int, ...]


class SpeculationRuns:
    """Answers to the same prompts, guessed ahead and not, round by round."""

    def __init__(self) -> None:
        self.speculative: list[TimedAnswer] = []
        self.plain: list[TimedAnswer] = []
        self.ceiling: list[float] = []
        """Tokens a second of the bare loop when each guess is right."""

    def answer_both_ways(
        self, rig: BenchSession, turns: tuple[PromptTurn, ...], tokens: int
    ) -> None:
        """Answer both ways; which is first changes, so that neither profits.

        Both find the same cells: what is read in other batches differs in the last bits.
        """
        rig.complete_answer(turns, 1)
        order = (True, False) if len(self.plain) % 2 else (False, True)
        for drafting in order:
            answer = rig.complete_answer(turns, tokens, drafting=drafting)
            (self.speculative if drafting else self.plain).append(answer)


def measure_quoting(rig: BenchSession) -> list[BenchMetric]:
    """Answers that quote a passage: guesses that were right, time without, and the ceiling."""
    what = _("quoting, guessed ahead")
    if rig.reference.is_recurrent:
        note = _("this kind of model can't take back guesses")
        return [BenchMetric(key="quoting", what=what, note=note)]
    found = quoting_prompts(rig)
    if not found:
        return [
            BenchMetric(key="quoting", what=what, note=_("this model quotes none of the passages"))
        ]
    runs = SpeculationRuns()
    for _number, each in itertools.product(range(rig.rounds), found):
        runs.answer_both_ways(rig, each.turns, WRITTEN)
        seconds = min(rig.reference.time_checking(each.prompt, each.answer, SIZES))
        runs.ceiling.append(len(each.answer) / seconds)
    return [*_gains(runs, len(found)), _difference(rig, "quoting_difference", runs)]


def measure_prose(rig: BenchSession) -> list[BenchMetric]:
    """Ordinary answers: guessing must not cost anything."""
    if rig.reference.is_recurrent:
        note = _("this kind of model can't take back guesses")
        return [BenchMetric(key="prose", what=_("ordinary prose, guessed ahead"), note=note)]
    runs = SpeculationRuns()
    for _number, story in itertools.product(range(rig.rounds), STORY_REQUESTS[:PROSE]):
        runs.answer_both_ways(rig, question_turns(story), PROSE_WRITTEN)
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
    return [figure, _difference(rig, "prose_difference", runs)]


def quoting_prompts(rig: BenchSession) -> list[QuotingPrompt]:
    """Return a prompt for each passage that this model answers by quoting it."""
    found = []
    for passage in PASSAGES:
        for form in QUOTE_REQUESTS:
            turns = question_turns(form.format(passage=passage))
            prompt = rig.reference.prompt_tokens(turns)
            if len(prompt) + WRITTEN > rig.loaded_model.context:
                continue
            answer = rig.reference.write_greedily(prompt, WRITTEN)
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
    """Return the right guesses of all answers for each time that guesses were checked."""
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


def _difference(rig: BenchSession, key: str, runs: SpeculationRuns) -> BenchMetric:
    """Return where guessing first changed an answer, with the logits of both tokens."""
    differences = []
    for guessed, plain in zip(runs.speculative, runs.plain, strict=True):
        ours, theirs = guessed.done_event.token_ids, plain.done_event.token_ids
        place = first_difference(ours, theirs)
        if place is not None or guessed.done_event.text != plain.done_event.text:
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
            place=place + 1, logits=both_logits(rig, turns, ours, theirs, place)[0]
        ),
    )


def both_logits(
    rig: BenchSession,
    turns: tuple[PromptTurn, ...],
    ours: Sequence[int],
    theirs: Sequence[int],
    place: int,
) -> tuple[str, float]:
    """Say which logits the bare loop gives two tokens that differ; return how far apart they are.

    An answer that ended there has none: then the words say so, and the distance is endless.
    """
    if place >= min(len(ours), len(theirs)):
        return _("one of them ends there"), float("inf")
    prompt, wanted = rig.reference.prompt_tokens(turns), (ours[place], theirs[place])
    first, second = rig.reference.logits(prompt, theirs[:place], wanted)
    return _("logits {first:.4f} and {second:.4f}").format(first=first, second=second), abs(
        first - second
    )
