"""Command `inglenook bench ui`: benchmarks the window on each Qt platform there is.

Each part runs in a process of its own, one after the other, on a root of its own.
"""

import argparse
import contextlib
import io
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import psutil
from msgspec import Struct

from core.app.events.app_events import Problem
from core.base.i18n import N_, _
from core.bench.bench_commands import add_bench_actions
from core.bench.bench_metrics import MetricTarget
from core.cli.argument_parser import build_parser
from core.cli.console import Console
from desktop.bench import bench_ui_part


class UiTarget(Struct, frozen=True):
    """A metric of a part: its description, unit and target."""

    part: str
    key: str
    what: str
    unit: str
    asked: MetricTarget


UI_TARGETS = (
    UiTarget(
        "window", "cold", N_("window accepting keys, first start"), "x", MetricTarget(most=1.5)
    ),
    UiTarget(
        "window", "warm", N_("window accepting keys, later starts"), "x", MetricTarget(most=1.5)
    ),
    UiTarget(
        "transcript",
        "resident_mb_200_turns",
        N_("memory with a chat of 200 turns"),
        "MB",
        MetricTarget(most=220),
    ),
    UiTarget(
        "transcript",
        "gap_ms_p99",
        N_("gaps while streaming into 2,000 turns, p99"),
        "ms",
        MetricTarget(most=16),
    ),
    UiTarget(
        "transcript",
        "gap_ms_max",
        N_("gaps while streaming into 2,000 turns, longest"),
        "ms",
        MetricTarget(most=50),
    ),
    UiTarget(
        "transcript",
        "token_cost_ratio",
        N_("cost of a token, turn 2,000 against turn 1"),
        "x",
        MetricTarget(most=1.2),
    ),
    UiTarget(
        "transcript",
        "open_ms_2000_turns",
        N_("opening a chat of 2,000 turns, to first paint"),
        "ms",
        MetricTarget(most=300),
    ),
    UiTarget(
        "keys",
        "typing_ms_p99",
        N_("typing while streaming and indexing, p99"),
        "ms",
        MetricTarget(most=16),
    ),
    UiTarget(
        "viewer",
        "first_click_ms",
        N_("a citation's page of a PDF of 1,000, from the click"),
        "ms",
        MetricTarget(most=400),
    ),
)


def is_target_met(row: UiTarget, figures: Mapping[str, float]) -> bool | None:
    """Whether a metric meets its target; None if it wasn't measured."""
    value = figures.get(row.key)
    return None if value is None else row.asked.is_met_by(value)


PART = "--part"
"""The argument with which an installed program runs one part of itself."""
_SECONDS = 600


def bench_ui(arguments: list[str]) -> int:
    """Measure and print; a metric that misses its target is no failure of the command."""
    if arguments[2:3] == [PART]:
        return bench_ui_part.main(arguments[3:])
    try:
        options = build_parser(add_bench_actions).parse_args(arguments)
    except SystemExit as exit_:  # argparse has already said why, or printed help
        return exit_.code if isinstance(exit_.code, int) else 1
    console = Console(
        sys.stdout or io.StringIO(), sys.stderr or io.StringIO(), as_json=options.json
    )
    results = {}
    for platform in options.platforms or _platforms():
        try:
            results[platform] = _measure_platform(platform, options, console)
        except (OSError, subprocess.SubprocessError, ValueError) as error:
            console.clear_status()
            console.print_failure(_failure(platform, error))
            return 1
        except KeyboardInterrupt:
            return 1
        finally:
            console.clear_status()
        if not console.as_json:
            _print_results(console, platform, results[platform])
    if console.as_json:
        console.print_json(_summary(results))
    return 0


def _platforms() -> list[str]:
    """Return the Qt platforms: in memory, and on the screen if there is one."""
    if sys.platform == "linux":
        return ["offscreen", *(["xcb"] if os.environ.get("DISPLAY") else [])]
    return ["offscreen", "windows" if sys.platform == "win32" else "cocoa"]


def _failure(platform: str, error: Exception) -> Problem:
    text = getattr(error, "stderr", "") or str(error)
    lines = str(text).strip().splitlines()
    return Problem(
        code="bench_ui",
        message=_("The window could not be measured on {platform}: {detail}.").format(
            platform=platform, detail=lines[-1].rstrip(".") if lines else type(error).__name__
        ),
        hint=_("Close other programs and try again, or name another platform."),
    )


def _measure_platform(
    platform: str, options: argparse.Namespace, console: Console
) -> dict[str, dict[str, float]]:
    found = {}
    for part in options.only:
        console.show_status(_("measuring: {name}").format(name=f"{part} ({platform})"))
        with _scratch() as folder:
            if part == "window":
                found[part] = _measure_starts(platform, folder, options.rounds)
            else:
                found[part] = json.loads(_run(platform, part, str(folder / "root")))
    return found


@contextlib.contextmanager
def _scratch() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(
        prefix="inglenook-bench-", ignore_cleanup_errors=True
    ) as folder:
        yield Path(folder)


def _measure_starts(platform: str, folder: Path, rounds: int) -> dict[str, float]:
    """Start both programs alternately; the first round fills the caches and doesn't count."""
    times: dict[str, list[float]] = {"empty": [], "cold": [], "warm": []}
    _run(platform, "settle", str(folder / "kept"))
    for number in range(rounds + 1):
        took = {
            "empty": _start(platform, "empty"),
            "cold": _start(platform, "window", str(folder / f"new-{number}")),
            "warm": _start(platform, "window", str(folder / "kept")),
        }
        if number:
            for name, value in took.items():
                times[name].append(value)
    medians = {name: statistics.median(values) for name, values in times.items()}
    return {
        "cold": round(medians["cold"] / medians["empty"], 3),
        "warm": round(medians["warm"] / medians["empty"], 3),
        **{f"{name}_ms": round(value, 1) for name, value in medians.items()},
    }


def _start(platform: str, *words: str) -> float:
    """Return milliseconds from the start of the process until a key has arrived."""
    started = time.monotonic_ns()
    arrived = int(_run(platform, *words).split()[-1])
    return (arrived - started) / 1e6


def _run(platform: str, *words: str) -> str:
    environment = {**os.environ, "QT_QPA_PLATFORM": platform}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # an installed program is compiled once
    ended = subprocess.run(
        [*_program(), *words],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
        timeout=_SECONDS,
    )
    return ended.stdout


def _program() -> list[str]:
    if getattr(sys, "frozen", False):
        return [sys.executable, "bench", "ui", PART]
    return [sys.executable, "-P", "-m", "desktop.bench.bench_ui_part"]


def _summary(results: dict[str, dict[str, dict[str, float]]]) -> dict[str, object]:
    return {
        "cores": psutil.cpu_count(),
        "load": round(psutil.getloadavg()[0], 1),
        "platforms": results,
        "met": {
            platform: {row.key: is_target_met(row, found.get(row.part, {})) for row in UI_TARGETS}
            for platform, found in results.items()
        },
    }


def _print_results(console: Console, platform: str, found: dict[str, dict[str, float]]) -> None:
    load = _("{platform} · cores: {cores} · load: {load}").format(
        platform=platform, cores=psutil.cpu_count(), load=f"{psutil.getloadavg()[0]:.1f}"
    )
    console.print_line(load)
    rows = []
    for row in UI_TARGETS:
        figures = found.get(row.part, {})
        if row.key in figures:
            enough = _("yes") if is_target_met(row, figures) else _("no")
            value = f"{figures[row.key]:.3g} {row.unit}"
            rows.append((_(row.what), value, f"≤ {row.asked.most:g} {row.unit}", enough))
    console.print_table((_("WHAT"), _("MEASURED"), _("ASKED"), _("ENOUGH")), rows)
    more = {
        name: value
        for figures in found.values()
        for name, value in figures.items()
        if name not in {row.key for row in UI_TARGETS}
    }
    console.print_line(", ".join(f"{name} {value:g}" for name, value in more.items()))
    console.print_line()
