"""Training job: what is trained of which examples, kept until it is done, and what came of it."""

import random
from collections.abc import Sequence

from msgspec import Struct

from core.base.i18n import ngettext
from core.messages import USER_ROLE, ExampleText, ExampleTokens, LossPoint, TrainingSettings

FEWEST_EXAMPLES = 8
MOST_HELD_OUT, HELD_OUT_SHARE = 20, 8
LONGEST_EXAMPLE = 1024
"""Tokens; a longer one is left out, since what is kept of it grows with the square of that."""
COMPARED_ANSWERS = 3
"""So many questions of each kind are answered before and after."""
_SLOWED = 0.6
"""Share of the measured time below which what a step computes says that it waited for others."""
_MINUTE = 60


class TrainingExample(Struct, frozen=True, kw_only=True):
    """An example as text and as tokens; `chat_id` is where it is from, "" for a file."""

    text: ExampleText
    tokens: ExampleTokens
    chat_id: str = ""


class TrainingJob(Struct, frozen=True, kw_only=True):
    """An adapter that is being trained. `expected` are the engine's losses of `held_out`.

    `learnt_before` are its losses of the first `learnt` examples. `left_out` were too long.
    `kept_as` is the file of its adapter while that is compared, `kept_checksum` its SHA-256.
    """

    ref: str
    path: str
    name: str
    settings: TrainingSettings
    learnt: tuple[TrainingExample, ...]
    held_out: tuple[TrainingExample, ...]
    expected: tuple[float, ...]
    learnt_before: tuple[float, ...]
    left_out: int = 0
    kept_as: str = ""
    kept_checksum: str = ""

    @property
    def chat_ids(self) -> frozenset[str]:
        """The chats that its examples are from, "" for a file."""
        return frozenset(each.chat_id for each in (*self.learnt, *self.held_out))


class TrainingJobProgress(Struct, frozen=True, kw_only=True):
    """How far a training is. `stage`: reading, opening, training, comparing.

    `loss` is that of the last step, `held_out` that of the held-out answers where it is new.
    """

    stage: str
    done: int = 0
    total: int = 0
    loss: float = 0.0
    held_out: float | None = None
    seconds_left: float | None = None


class TrainingEstimate(Struct, frozen=True, kw_only=True):
    """What a training would take, from steps that were timed on this machine; sizes in bytes.

    `seconds` is beside what else runs now, `free_seconds` what it takes at least with nothing else.
    """

    ref: str
    examples: int
    held_out: int
    left_out: int
    tokens: int
    longest: int
    steps: int
    seconds: float
    memory: int
    adapter_bytes: int
    parameters: int
    free_seconds: float

    @property
    def is_slowed(self) -> bool:
        """Whether other programs take so much of the processor that the time says little."""
        return 0 < self.free_seconds < _SLOWED * self.seconds


def format_free_time(estimate: TrainingEstimate) -> str:
    """Say what a training takes without other programs, "" where they change little."""
    if not estimate.is_slowed:
        return ""
    minutes = max(1, round(estimate.free_seconds / _MINUTE))
    text = ngettext(
        "Other programs use much of the processor now; without them it takes {count} minute or a "
        "little more.",
        "Other programs use much of the processor now; without them it takes {count} minutes or a "
        "little more.",
        minutes,
    )
    return text.format(count=minutes)


class TrainedAnswer(Struct, frozen=True, kw_only=True):
    """A question of the person's, their answer, and the model's before and after."""

    question: str
    wanted: str
    before: str
    after: str
    is_held_out: bool
    chat_id: str = ""


class TrainingOutcome(Struct, frozen=True, kw_only=True):
    """A trained adapter. Losses are the means of the engine's own, in nats for each token."""

    ref: str
    path: str
    model: str
    bytes: int
    seconds: float
    examples: int
    held_out: int
    left_out: int
    held_out_before: float
    held_out_after: float
    learnt_before: float
    learnt_after: float
    answers: tuple[TrainedAnswer, ...]
    curve: tuple[LossPoint, ...]


def split_examples(
    examples: Sequence[TrainingExample], seed: int
) -> tuple[tuple[TrainingExample, ...], tuple[TrainingExample, ...]]:
    """Return the examples to learn from, and those held out: an eighth, at most some.

    Examples of one chat, or with the same first question, stay together; of a single such group
    the last questions are held out. None are if there is only one question.
    """
    wanted = min(MOST_HELD_OUT, max(len(examples) // HELD_OUT_SHARE, 1))
    groups = _groups_of(examples)
    order = sorted(groups)
    random.Random(seed).shuffle(order)  # noqa: S311 - no secret
    held_out = _take_groups(groups, order, wanted)
    if not held_out:
        groups = {}
        for example in examples:
            groups.setdefault(example.text.turns[-1].text, []).append(example)
        held_out = _take_groups(groups, list(reversed(groups)), wanted)
    learnt = [example for group in groups.values() for example in group]
    return tuple(learnt), tuple(held_out)


def _groups_of(examples: Sequence[TrainingExample]) -> dict[str, list[TrainingExample]]:
    """Return the examples by chat; chats with the same first question are one, as branches are."""
    joined: dict[str, str] = {}

    def group_of(key: str) -> str:
        while joined.get(key, key) != key:
            key = joined[key]
        return key

    firsts: list[str] = []
    for example in examples:
        first = next((turn.text for turn in example.text.turns if turn.role == USER_ROLE), "")
        firsts.append(first)
        if example.chat_id:
            joined[group_of(example.chat_id)] = group_of(first)
    groups: dict[str, list[TrainingExample]] = {}
    for example, first in zip(examples, firsts, strict=True):
        groups.setdefault(group_of(first), []).append(example)
    return groups


def _take_groups(
    groups: dict[str, list[TrainingExample]], order: Sequence[str], wanted: int
) -> list[TrainingExample]:
    """Take so many examples out of `groups`: no large group, unless all are; then the smallest."""
    most = max(sum(map(len, groups.values())) // 4, 1)
    taken: list[TrainingExample] = []
    for key in order:
        if len(taken) < wanted and len(groups[key]) <= most:
            taken += groups.pop(key)
    if not taken and len(groups) > 1:
        taken = groups.pop(min(order, key=lambda key: len(groups[key])))
    return taken
