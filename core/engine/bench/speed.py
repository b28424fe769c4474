"""How fast the engine reads and writes, beside a bare loop in the same rounds."""

from core.engine.bench.answers import Answer
from core.engine.bench.figures import Asked, Figure, compared
from core.engine.bench.rig import GREEDY, Rig
from core.engine.bench.texts import STORIES, long_question, question
from core.messages import Sampling
from core.words import _

PROMPT = 512
WRITTEN = 128
LEAST_SPEED = 0.97
BALANCED = Sampling(seed=1)


def measure_reading(rig: Rig) -> list[Figure]:
    """Read prompts of about 512 tokens, other ones each time."""
    ours, bare = [], []
    for number in range(rig.rounds + 1):
        answer = read_anew(rig, number)
        tokens = rig.bare.tokens(answer.turns)
        seconds = rig.bare.time_reading(tokens[-answer.read :])
        if number:  # the first one touches memory that the others find ready
            ours.append(answer.read / answer.waited)
            bare.append(answer.read / seconds)
    return [
        compared(
            "reading",
            _("reading about {count} tokens").format(count=rig.readable(PROMPT)),
            _("tokens/s"),
            ours,
            bare,
            reference_name=_("bare loop, the same tokens"),
            asked=Asked(least=LEAST_SPEED),
        )
    ]


def read_anew(rig: Rig, number: int) -> Answer:
    """Answer a prompt of about 512 tokens with one; each number makes another prompt."""
    turns = long_question(number, rig.readable(PROMPT), rig.bare.count)
    return rig.answered(turns, 1)


def write_greedily(rig: Rig) -> Answer:
    """Answer a short question with 128 tokens, the likeliest each time."""
    return rig.answered(question(STORIES[0]), rig.writable(WRITTEN), sampling=GREEDY)


def measure_generation(rig: Rig) -> list[Figure]:
    """Write 128 tokens: the likeliest each time, and chosen as people's answers are."""
    turns = question(STORIES[0])
    prompt = rig.bare.tokens(turns)
    likeliest, chosen, bare = [], [], []
    for number in range(rig.rounds + 1):
        greedy = write_greedily(rig)
        balanced = rig.answered(turns, rig.writable(WRITTEN), sampling=BALANCED)
        count = max(greedy.told.completion_tokens - 1, 1)
        seconds = rig.bare.time_writing(prompt, count)
        if number:
            likeliest.append(greedy.speed)
            chosen.append(balanced.speed)
            bare.append(count / seconds)
    name = _("bare loop, nothing chosen")
    asked = Asked(least=LEAST_SPEED)
    return [
        compared(
            "generation",
            _("writing, the likeliest word each time"),
            _("tokens/s"),
            likeliest,
            bare,
            reference_name=name,
            asked=asked,
        ),
        compared(
            "generation_balanced",
            _("writing, sampled as by default"),
            _("tokens/s"),
            chosen,
            bare,
            reference_name=name,
            asked=asked,
        ),
    ]
