"""`inglenook bench engine`: a short real run, what is printed of a run, and what is refused."""

import io
import json
import signal
import time
from pathlib import Path
from typing import Any

import pytest

from core.base.paths import Paths
from core.bench import benchmark_suite, engine_bench_command
from core.bench.bench_metrics import BenchMetric, MetricTarget, compared_metric
from core.bench.bench_session import BenchOptions, BenchSession
from core.bench.tool_comparison import unknown_tokens
from core.cli.console import Console
from core.cli.main import main
from core.messages import Placement
from tests.cli.conftest import Inglenook


@pytest.mark.slow
def test_a_short_run_measures_both(
    root: Paths, starter_model: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    picture = root.root / "picture.png"
    common = ["--root", str(root.root), "--json"]
    assert main([*common, "settings", "context", "256"]) == 0
    capsys.readouterr()
    words = ["bench", "engine", "--model", str(starter_model), "--rounds", "1", "--threads", "1"]
    code = main([*common, *words, "--only", "batches", "--plot", str(picture)])
    captured = capsys.readouterr()
    assert code == 0, captured.err
    told = json.loads(captured.out)
    assert told["threads"] == told["rounds"] == 1
    assert told["context"] == 256
    figures = {figure["key"]: figure for figure in told["figures"]}
    assert list(figures) == ["batch_1", "batch_2"]
    assert all(figure["value"] > 0 for figure in figures.values())
    assert all(figure["reference"] > 0 for figure in figures.values())
    assert picture.read_bytes().startswith(b"\x89PNG")
    assert not list(root.states.iterdir()), "the person's own states were touched"


@pytest.mark.slow
def test_mixes_are_answered_by_a_model_that_was_timed(root: Paths, starter_model: Path) -> None:
    """Others are not: what they are compared with isn't, either."""
    root.create_folders()
    placement = Placement(context=512, threads=1, device="cpu")
    options = BenchOptions(path=str(starter_model), placement=placement)
    with BenchSession(root, options, lambda: None, lambda: time.sleep(0.01)) as bench:
        assert bench.restart_engine(timed=True).tuning is not None
        assert bench.restart_engine().tuning is None


@pytest.mark.slow
def test_what_is_read_beside_llama_bench_is_read_whole(root: Paths, starter_model: Path) -> None:
    """What the engine knew of a prompt it did not read, and the rest took longer for it."""
    root.create_folders()
    placement = Placement(context=512, threads=1, device="cpu")
    options = BenchOptions(path=str(starter_model), placement=placement)
    with BenchSession(root, options, lambda: None, lambda: time.sleep(0.01)) as bench:
        for seed in range(3):
            tokens = unknown_tokens(bench, seed, 200)
            answer = bench.start_answer((), 1, prompt_ids=tokens)
            bench.wait_for_answers(answer)
            assert answer.done_event.prompt_tokens == 200
            assert answer.tokens_read >= 199, "chance may begin two alike"


def test_the_table_says_what_was_measured_and_what_was_asked() -> None:
    out = io.StringIO()
    figures = [
        compared_metric(
            "reading",
            "reading about 512 tokens",
            "tokens/s",
            [96, 98],
            [100, 100],
            reference_name="bare loop",
            asked=MetricTarget(least=0.98),
        ),
        BenchMetric(
            key="stop", what="Stop", unit="ms", value=4.2, asked=MetricTarget(most=100), note="fast"
        ),
        BenchMetric(key="memory_CPU", what="memory", unit="B", value=366e6, reference=351e6),
        BenchMetric(key="quoting", what="quoting", note="no guesses"),
    ]
    engine_bench_command._show(Console(out, io.StringIO(), as_json=False), figures)
    lines = out.getvalue().splitlines()
    assert lines[1].split("  ")[0] == "reading about 512 tokens"
    for part in ("97 tokens/s ±1 %", "100 tokens/s, bare loop", "0.970", "≥ 0.98", "no"):
        assert part in lines[1]
    for part in ("4.2 ms", "≤ 100 ms", "yes"):
        assert part in lines[2]
    assert "366 MB" in lines[3]
    assert "- Stop: fast" in lines
    assert "- quoting: no guesses" in lines


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--plot", "picture.jpg"], "must end in .png"),
        (["--plot", "nowhere/at/all/picture.png"], "no folder"),
        (["--rounds", "0"], "between 1 and 100"),
        (["--only", "everything"], "invalid choice"),
        (["--only"], "expected at least one"),
    ],
)
def test_bad_words_are_refused(inglenook: Inglenook, words: list[str], said: str) -> None:
    ran = inglenook("bench", "engine", *words)
    assert ran.code == 2
    assert said in ran.err
    assert "Traceback" not in ran.err


@pytest.mark.slow
def test_stop_ends_both_children_and_prints_what_is_there(
    root: Paths, starter_model: Path, capsys: pytest.CaptureFixture[str], monkeypatch: Any
) -> None:
    """Leaks of children and threads are looked for after each test."""
    part = benchmark_suite.BENCHMARKS["memory"]

    def measure_memory(rig: BenchSession) -> list[BenchMetric]:
        signal.raise_signal(signal.SIGINT)
        return part(rig)

    quick = BenchMetric(key="reading", what="reading", unit="tokens/s", value=7.0)
    parts = {"reading": lambda _rig: [quick], "memory": measure_memory}
    monkeypatch.setattr(benchmark_suite, "BENCHMARKS", parts)
    common = ["--root", str(root.root)]
    assert main([*common, "settings", "context", "256"]) == 0
    assert main([*common, "bench", "engine", "--model", str(starter_model)]) == 1
    captured = capsys.readouterr()
    assert "7 tokens/s" in captured.out
    assert "Measuring was stopped." in captured.err
    assert "Traceback" not in captured.err
