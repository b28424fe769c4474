"""What guessing ahead gains on answers that quote, and that it never costs where they don't."""

import itertools
from collections.abc import Sequence

from msgspec import Struct

from core.engine.bench.answers import Answer
from core.engine.bench.figures import Asked, Figure, compared
from core.engine.bench.rig import Rig
from core.engine.bench.texts import PASSAGES, QUOTING, STORIES, question, quoted_share
from core.messages import PromptTurn
from core.words import _

WRITTEN = 160
PROSE_WRITTEN = 128
PROSE = 3
SIZES = (32, 16, 8)
LEAST_QUOTED = 0.6
LEAST_ACCEPTED = 3.0
LEAST_OF_CEILING = 0.9
NEVER_SLOWER = 0.98


class Quoting(Struct, frozen=True):
    """A prompt, and the answer the bare loop gives, which quotes it."""

    turns: tuple[PromptTurn, ...]
    prompt: tuple[int, ...]
    answer: tuple[int, ...]


class Runs:
    """Answers to the same prompts, guessed ahead and not, round by round."""

    def __init__(self) -> None:
        self.guessed: list[Answer] = []
        self.plain: list[Answer] = []
        self.ceiling: list[float] = []
        """Tokens a second of the bare loop when each guess is right."""

    def add(self, rig: Rig, turns: tuple[PromptTurn, ...], tokens: int) -> None:
        """Answer both ways; which is first changes, so that neither profits.

        Both find the same cells: what is read in other batches differs in the last bits.
        """
        rig.answered(turns, 1)
        order = (True, False) if len(self.plain) % 2 else (False, True)
        for drafting in order:
            answer = rig.answered(turns, tokens, drafting=drafting)
            (self.guessed if drafting else self.plain).append(answer)


def measure_quoting(rig: Rig) -> list[Figure]:
    """Answers that quote a passage: guesses that were right, time without, and the ceiling."""
    what = _("quoting, guessed ahead")
    if rig.bare.keeps_a_state:
        note = _("this kind of model can't take back guesses")
        return [Figure(key="quoting", what=what, note=note)]
    found = quoting_prompts(rig)
    if not found:
        return [Figure(key="quoting", what=what, note=_("this model quotes none of the passages"))]
    runs = Runs()
    for _number, each in itertools.product(range(rig.rounds), found):
        runs.add(rig, each.turns, WRITTEN)
        seconds = min(rig.bare.time_checking(each.prompt, each.answer, SIZES))
        runs.ceiling.append(len(each.answer) / seconds)
    return [*_gains(runs, len(found)), _difference(rig, "quoting_difference", runs)]


def measure_prose(rig: Rig) -> list[Figure]:
    """Ordinary answers: guessing must not cost anything."""
    if rig.bare.keeps_a_state:
        note = _("this kind of model can't take back guesses")
        return [Figure(key="prose", what=_("ordinary prose, guessed ahead"), note=note)]
    runs = Runs()
    for _number, story in itertools.product(range(rig.rounds), STORIES[:PROSE]):
        runs.add(rig, question(story), PROSE_WRITTEN)
    figure = compared(
        "prose",
        _("ordinary prose, guessed ahead"),
        _("tokens/s"),
        [answer.speed for answer in runs.guessed],
        [answer.speed for answer in runs.plain],
        reference_name=_("without guessing"),
        asked=Asked(least=NEVER_SLOWER),
        note=_accepted_note(runs.guessed),
    )
    return [figure, _difference(rig, "prose_difference", runs)]


def quoting_prompts(rig: Rig) -> list[Quoting]:
    """Return a prompt for each passage that this model answers by quoting it."""
    found = []
    for passage in PASSAGES:
        for form in QUOTING:
            turns = question(form.format(passage=passage))
            prompt = rig.bare.tokens(turns)
            if len(prompt) + WRITTEN > rig.loaded.context:
                continue
            answer = rig.bare.write_greedily(prompt, WRITTEN)
            if len(answer) >= SIZES[0] and quoted_share(answer, prompt) >= LEAST_QUOTED:
                found.append(Quoting(turns, prompt, answer))
                break
    return found


def _gains(runs: Runs, prompts: int) -> list[Figure]:
    accepted = accepted_per_check(runs.guessed)
    name = _("{count} passages").format(count=prompts)
    return [
        Figure(
            key="accepted_per_check",
            what=_("right guesses a check, quoting"),
            unit=_("tokens"),
            value=accepted,
            asked=Asked(least=LEAST_ACCEPTED),
            note=f"{name}; {_accepted_note(runs.guessed)}",
        ),
        compared(
            "quoting_gain",
            _("quoting, guessed ahead"),
            _("tokens/s"),
            [answer.speed for answer in runs.guessed],
            [answer.speed for answer in runs.plain],
            reference_name=_("without guessing"),
            asked=Asked(least=NEVER_SLOWER),
        ),
        compared(
            "quoting_ceiling",
            _("the same, against the most possible"),
            _("tokens/s"),
            [answer.speed for answer in runs.guessed],
            runs.ceiling,
            reference_name=_("bare loop, each guess right"),
            asked=Asked(least=LEAST_OF_CEILING),
        ),
    ]


def accepted_per_check(answers: Sequence[Answer]) -> float:
    """Return the right guesses of all answers for each time that guesses were checked."""
    checks = sum(answer.told.checks for answer in answers)
    return sum(answer.told.accepted_tokens for answer in answers) / checks if checks else 0.0


def _accepted_note(answers: Sequence[Answer]) -> str:
    drafted = sum(answer.told.drafted_tokens for answer in answers)
    accepted = sum(answer.told.accepted_tokens for answer in answers)
    sentence = _("{accepted} of {drafted} guesses were right")
    return sentence.format(accepted=accepted, drafted=drafted)


def first_difference(ours: Sequence[int], theirs: Sequence[int]) -> int | None:
    """Return the first place where two answers differ, None when both are the same."""
    for place, (our, their) in enumerate(itertools.zip_longest(ours, theirs)):
        if our != their:
            return place
    return None


def _difference(rig: Rig, key: str, runs: Runs) -> Figure:
    """Return where guessing first changed an answer, with the logits of both tokens."""
    differences = []
    for guessed, plain in zip(runs.guessed, runs.plain, strict=True):
        ours, theirs = guessed.told.token_ids, plain.told.token_ids
        place = first_difference(ours, theirs)
        if place is not None or guessed.told.text != plain.told.text:
            differences.append((place or 0, ours, theirs, plain.turns))
    same = len(runs.guessed) - len(differences)
    figure = Figure(
        key=key,
        what=_("answers that are the same either way"),
        value=same,
        reference=len(runs.guessed),
        reference_name=_("all"),
    )
    if not differences:
        return figure
    place, ours, theirs, turns = min(differences, key=lambda each: each[0])
    return Figure(
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
    rig: Rig,
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
    prompt, wanted = rig.bare.tokens(turns), (ours[place], theirs[place])
    first, second = rig.bare.logits(prompt, theirs[:place], wanted)
    return _("logits {first:.4f} and {second:.4f}").format(first=first, second=second), abs(
        first - second
    )
