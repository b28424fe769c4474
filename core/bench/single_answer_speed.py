"""Benchmark of one answer: reading and writing speed, beside the reference loop."""

from core.base.i18n import _
from core.bench.bench_metrics import BenchMetric, MetricTarget, compared_metric
from core.bench.bench_prompts import STORY_REQUESTS, long_question, question_turns
from core.bench.bench_session import GREEDY, BenchSession
from core.bench.timed_answer import TimedAnswer
from core.messages import Sampling

PROMPT = 512
WRITTEN = 128
LEAST_SPEED = 0.97
BALANCED = Sampling(seed=1)


def measure_reading(rig: BenchSession) -> list[BenchMetric]:
    """Read prompts of about 512 tokens, other ones each time."""
    ours, bare = [], []
    for number in range(rig.rounds + 1):
        answer = answer_new_prompt(rig, number)
        tokens = rig.reference.prompt_tokens(answer.turns)
        seconds = rig.reference.time_reading(tokens[-answer.tokens_read :])
        if number:  # the first one touches memory that the others find ready
            ours.append(answer.tokens_read / answer.seconds_to_first_text)
            bare.append(answer.tokens_read / seconds)
    return [
        compared_metric(
            "reading",
            _("reading about {count} tokens").format(count=rig.fitting_prompt_length(PROMPT)),
            _("tokens/s"),
            ours,
            bare,
            reference_name=_("bare loop, the same tokens"),
            asked=MetricTarget(least=LEAST_SPEED),
        )
    ]


def answer_new_prompt(rig: BenchSession, number: int) -> TimedAnswer:
    """Answer a prompt of about 512 tokens with one; each number makes another prompt."""
    turns = long_question(
        number, rig.fitting_prompt_length(PROMPT), rig.reference.count_prompt_tokens
    )
    return rig.complete_answer(turns, 1)


def answer_greedily(rig: BenchSession) -> TimedAnswer:
    """Answer a short question with 128 tokens, the likeliest each time."""
    return rig.complete_answer(
        question_turns(STORY_REQUESTS[0]), rig.fitting_answer_length(WRITTEN), sampling=GREEDY
    )


def measure_generation(rig: BenchSession) -> list[BenchMetric]:
    """Write 128 tokens: the likeliest each time, and chosen as people's answers are."""
    turns = question_turns(STORY_REQUESTS[0])
    prompt = rig.reference.prompt_tokens(turns)
    likeliest, chosen, bare = [], [], []
    for number in range(rig.rounds + 1):
        greedy = answer_greedily(rig)
        balanced = rig.complete_answer(turns, rig.fitting_answer_length(WRITTEN), sampling=BALANCED)
        count = max(greedy.done_event.completion_tokens - 1, 1)
        seconds = rig.reference.time_writing(prompt, count)
        if number:
            likeliest.append(greedy.tokens_per_second)
            chosen.append(balanced.tokens_per_second)
            bare.append(count / seconds)
    name = _("bare loop, nothing chosen")
    asked = MetricTarget(least=LEAST_SPEED)
    return [
        compared_metric(
            "generation",
            _("writing, the likeliest word each time"),
            _("tokens/s"),
            likeliest,
            bare,
            reference_name=name,
            asked=asked,
        ),
        compared_metric(
            "generation_balanced",
            _("writing, sampled as by default"),
            _("tokens/s"),
            chosen,
            bare,
            reference_name=name,
            asked=asked,
        ),
    ]
