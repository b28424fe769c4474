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


def measure_reading(bench: BenchSession) -> list[BenchMetric]:
    """Read prompts of about 512 tokens, other ones each time."""
    ours, reference = [], []
    for number in range(bench.rounds + 1):
        answer = answer_new_prompt(bench, number)
        tokens = bench.reference.prompt_tokens(answer.turns)
        seconds = bench.reference.time_reading(tokens[-answer.tokens_read :])
        if number:  # the first one also maps memory
            ours.append(answer.tokens_read / answer.seconds_to_first_text)
            reference.append(answer.tokens_read / seconds)
    return [
        compared_metric(
            "reading",
            _("reading about {count} tokens").format(count=bench.fitting_prompt_length(PROMPT)),
            _("tokens/s"),
            ours,
            reference,
            reference_name=_("bare loop, the same tokens"),
            asked=MetricTarget(least=LEAST_SPEED),
        )
    ]


def answer_new_prompt(bench: BenchSession, number: int) -> TimedAnswer:
    """Answer a prompt of about 512 tokens with one; each number makes another prompt."""
    turns = long_question(
        number, bench.fitting_prompt_length(PROMPT), bench.reference.count_prompt_tokens
    )
    return bench.complete_answer(turns, 1)


def answer_greedily(bench: BenchSession) -> TimedAnswer:
    """Answer a short question with 128 tokens, the likeliest each time."""
    return bench.complete_answer(
        question_turns(STORY_REQUESTS[0]), bench.fitting_answer_length(WRITTEN), sampling=GREEDY
    )


def measure_generation(bench: BenchSession) -> list[BenchMetric]:
    """Write 128 tokens: the likeliest each time, and sampled as by default."""
    turns = question_turns(STORY_REQUESTS[0])
    prompt = bench.reference.prompt_tokens(turns)
    likeliest, sampled, reference = [], [], []
    for number in range(bench.rounds + 1):
        greedy = answer_greedily(bench)
        balanced = bench.complete_answer(
            turns, bench.fitting_answer_length(WRITTEN), sampling=BALANCED
        )
        count = max(greedy.done_event.completion_tokens - 1, 1)
        seconds = bench.reference.time_writing(prompt, count)
        if number:
            likeliest.append(greedy.tokens_per_second)
            sampled.append(balanced.tokens_per_second)
            reference.append(count / seconds)
    name = _("bare loop, nothing chosen")
    requested = MetricTarget(least=LEAST_SPEED)
    return [
        compared_metric(
            "generation",
            _("writing, the likeliest word each time"),
            _("tokens/s"),
            likeliest,
            reference,
            reference_name=name,
            asked=requested,
        ),
        compared_metric(
            "generation_balanced",
            _("writing, sampled as by default"),
            _("tokens/s"),
            sampled,
            reference,
            reference_name=name,
            asked=requested,
        ),
    ]
