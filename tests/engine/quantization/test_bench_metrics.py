"""The arithmetic of the benchmark, its prompts, its view of a process's memory, and its picture."""

import io
import mmap
import os
import sys
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from core.bench import benchmark_suite, token_identity
from core.bench.batch_speed import combined_speed
from core.bench.bench_metrics import BenchMetric, MeasuredValues, MetricTarget, compared_metric
from core.bench.bench_prompts import long_question, question_turns, quoted_share
from core.bench.memory_accuracy import child_memory
from core.bench.mixed_answers import pauses, percentile_99, prompt_lengths
from core.bench.speculative_gain import accepted_per_check, first_difference
from core.bench.timed_answer import TimedAnswer
from core.engine.reference.plot_drawing import draw_plot, tick_step
from core.messages import AnswerDone, ModelLoaded, PlotPanel, PlotSeries, PromptTurn


def answer(
    asked: float, chunks: list[float], ended: float, tokens: int, **told: Any
) -> TimedAnswer:
    done = AnswerDone(request_id="a", stop="length", completion_tokens=tokens, **told)
    return TimedAnswer("a", question_turns("?"), asked, chunks=chunks, done=done, ended=ended)


def test_a_sample_has_its_middle_and_its_spread() -> None:
    sample = MeasuredValues((10.0, 8.0, 12.0))
    assert sample.median == 10.0
    assert sample.spread == pytest.approx(0.4)
    assert MeasuredValues(()).median == MeasuredValues(()).spread == 0.0


def test_ratios_are_taken_round_by_round() -> None:
    """A machine that was twice as slow for one round was so for both."""
    figure = compared_metric(
        "k", "w", "tokens/s", [90, 45, 90], [100, 50, 100], reference_name="bare"
    )
    assert figure.ratio == pytest.approx(0.9)
    assert figure.ratio_spread == pytest.approx(0.0)
    assert figure.spread == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("asked", "value", "met"),
    [
        (MetricTarget(least=0.97), 0.97, True),
        (MetricTarget(least=0.97), 0.96, False),
        (MetricTarget(most=100), 101, False),
        (MetricTarget(least=0.95, most=1.05), 1.06, False),
        (MetricTarget(least=0.95, most=1.05), 1.0, True),
    ],
)
def test_what_is_asked_is_judged(asked: MetricTarget, value: float, met: bool) -> None:
    assert BenchMetric(key="k", what="w", value=value, asked=asked).meets_target is met
    assert BenchMetric(key="k", what="w", value=-1, ratio=value, asked=asked).meets_target is met


def test_what_was_not_measured_is_not_judged() -> None:
    assert BenchMetric(key="k", what="w", asked=MetricTarget(least=1)).meets_target is None
    assert BenchMetric(key="k", what="w", value=1).meets_target is None


def test_an_answer_is_timed_from_its_first_words() -> None:
    told = answer(10.0, [10.5, 11.0], 12.5, 21, prompt_tokens=100, cached_tokens=40)
    assert (told.seconds_to_first_text, told.seconds_writing, told.tokens_read) == (0.5, 2.0, 60)
    assert told.tokens_per_second == pytest.approx(10.0)


def test_answers_together_count_from_the_last_one_that_begins() -> None:
    answers = [answer(0, [1.0], 3.0, 21), answer(0, [1.5], 3.5, 21)]
    assert combined_speed(answers) == pytest.approx(40 / 2.0)


def test_accepted_guesses_are_counted_over_all_checks() -> None:
    answers = [
        answer(0, [1], 2, 9, checks=2, drafted_tokens=14, accepted_tokens=10),
        answer(0, [1], 2, 9, checks=2, drafted_tokens=6, accepted_tokens=2),
    ]
    assert accepted_per_check(answers) == 3.0
    assert accepted_per_check([answer(0, [1], 2, 9)]) == 0.0


def test_the_first_difference_is_found_even_at_the_end() -> None:
    assert first_difference((1, 2, 3), (1, 2, 3)) is None
    assert first_difference((1, 2, 3), (1, 9, 3)) == 1
    assert first_difference((1, 2), (1, 2, 3)) == 2


def test_of_many_pauses_the_longest_hundredth_is_left_out() -> None:
    assert percentile_99([10.0] * 199 + [500.0]) == 10.0
    assert percentile_99([10.0] * 97 + [500.0] * 3) == 500.0
    assert (percentile_99([7.0]), percentile_99([])) == (7.0, 0.0)
    assert pauses(answer(0, [1.0, 1.5, 3.0], 4.0, 3)) == [0.5, 1.5]


@pytest.mark.parametrize(
    ("context", "speed", "lengths"),
    [
        (32_768, 8000.0, [50, 500, 2000, 8000, 50, 500, 2000, 8000]),
        (8192, 8000.0, [50, 500, 1550, 1550, 50, 500, 1550, 1550]),
        (32_768, 375.0, [50, 450, 450, 450, 50, 450, 450, 450]),
        (256, 8000.0, [50] * 8),
    ],
)
def test_the_prompts_of_a_mix_fit_together_and_are_read_in_time(
    context: int, speed: float, lengths: list[int]
) -> None:
    loaded = ModelLoaded(
        request_id="l",
        path="m.gguf",
        fingerprint="f",
        context=context,
        threads=1,
        prompt_tokens_per_second=speed,
        seconds=1.0,
    )
    assert prompt_lengths(loaded, 8) == lengths


def test_a_quotation_is_told_from_an_answer_in_own_words() -> None:
    prompt = tuple(range(100))
    assert quoted_share(prompt[20:60], prompt) == 1.0
    assert quoted_share((*prompt[20:60], *range(500, 540)), prompt) == 0.5
    assert quoted_share(tuple(range(500, 540)), prompt) == quoted_share((), prompt) == 0.0


def words(turns: tuple[PromptTurn, ...]) -> int:
    return sum(len(turn.text.split()) for turn in turns)


@pytest.mark.parametrize("tokens", [40, 512, 3000])
def test_a_long_question_has_nearly_the_wished_length(tokens: int) -> None:
    turns = long_question(7, tokens, words)
    assert tokens * 0.97 <= words(turns) <= tokens
    other = long_question(8, tokens, words)
    assert turns[0].text[:8] != other[0].text[:8], "the second would find the first in the cells"


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells mappings apart")
def test_mapped_model_memory_counts_and_other_files_do_not(tmp_path: Path) -> None:
    model, other = tmp_path / "a model.gguf", tmp_path / "other.bin"
    size = 64 << 20
    for path in (model, other):
        path.write_bytes(b"\1" * size)
    before = child_memory(os.getpid(), model)
    with model.open("rb") as first, other.open("rb") as second:
        maps = [mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) for file in (first, second)]
        assert all(each[place] == 1 for each in maps for place in range(0, size, 4096))
        taken = child_memory(os.getpid(), model) - before
        for each in maps:
            each.close()
    assert size * 0.95 <= taken <= size * 1.2


def measured() -> list[BenchMetric]:
    def speed(key: str, value: float) -> BenchMetric:
        return compared_metric(key, key, "tokens/s", [value], [value / 2], reference_name="bare")

    batches = [speed(f"batch_{size}", 100.0 * size) for size in (1, 2, 4)]
    noise = BenchMetric(key="batch_noise", what="noise", value=0.2)
    cold = BenchMetric(key="first_token_cold", what="cold", unit="s", value=5.0)
    return [*batches, noise, speed("quoting_gain", 300), speed("quoting_ceiling", 330), cold]


def test_the_plots_show_what_was_measured() -> None:
    batches, guessing, waiting = benchmark_suite.build_panels(measured())
    assert batches.labels == ("1", "2", "4")
    assert batches.series[0].values == (100, 200, 400)
    assert batches.series[1].values == (50, 100, 200)
    assert guessing.series[0].values == (150, 300, 165)
    assert waiting.series[0].values == (5.0,)
    assert benchmark_suite.build_panels([]) == ()


def test_a_picture_is_drawn_with_a_scale_that_can_be_read() -> None:
    panels = benchmark_suite.build_panels(measured())
    with Image.open(io.BytesIO(draw_plot("A model", panels))) as picture:
        assert picture.format == "PNG"
        assert picture.width / 3 == pytest.approx(1100)
        colours = picture.convert("RGB").getcolors(1 << 24)
    assert colours
    assert (11, 83, 148) in {colour for _count, colour in colours}, "no bar was drawn"
    assert tick_step(437) == 100
    assert tick_step(0.9) == pytest.approx(0.2)
    assert tick_step(0.0) > 0


def test_nothing_but_zeros_can_be_drawn() -> None:
    series = (PlotSeries(name="a", values=(0.0, 0.0)),)
    panel = PlotPanel(title="t", across="x", up="y", labels=("1", "2"), series=series)
    assert draw_plot("t", [panel]).startswith(b"\x89PNG")


class ScriptedLogits:
    """A bare loop that gives two tokens logits that lie `apart`."""

    def __init__(self, apart: float) -> None:
        self.reference = self
        self._apart = apart

    def prompt_tokens(self, _turns: tuple[PromptTurn, ...]) -> tuple[int, ...]:
        return (1, 2)

    def logits(self, *_: object) -> tuple[float, float]:
        return 10.0, 10.0 - self._apart


def test_answers_are_the_same_up_to_a_step_that_noise_decides() -> None:
    def judged(apart: float, noise: float, stop: str = "length") -> BenchMetric:
        done = AnswerDone(request_id="a", stop=stop, token_ids=(5, 6, 7))
        pair = (TimedAnswer("a", question_turns("?"), 0.0, done=done), (5, 8, 7))
        rig: Any = ScriptedLogits(apart)
        return token_identity._equal(rig, "k", "w", [pair], noise=noise)

    assert judged(apart=0.5, noise=0.6).meets_target
    assert judged(apart=0.7, noise=0.6).meets_target is False
    alone = judged(apart=0.0, noise=-1.0)
    assert alone.meets_target is False
    assert "from token 2 on: logits 10.0000 and 10.0000" in alone.note
    assert judged(apart=0.5, noise=0.6, stop="stop").meets_target is None
