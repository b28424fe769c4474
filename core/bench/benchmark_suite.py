"""Benchmark suite: the measurements of a run in their order, and the panels of its plot."""

from collections.abc import Callable, Iterator, Mapping, Sequence

from core.base.i18n import _
from core.bench.batch_speed import measure_batches
from core.bench.bench_metrics import BenchMetric
from core.bench.bench_session import BenchSession
from core.bench.energy_use import measure_energy
from core.bench.first_token_latency import measure_first_token
from core.bench.memory_accuracy import measure_memory
from core.bench.mixed_answers import measure_mixes
from core.bench.single_answer_speed import measure_generation, measure_reading
from core.bench.speculative_gain import measure_prose, measure_quoting
from core.bench.stop_latency import measure_pauses, measure_stop_latency
from core.bench.token_identity import measure_identity
from core.bench.tool_comparison import measure_beside_tools
from core.messages import PlotPanel, PlotSeries

BENCHMARKS: Mapping[str, Callable[[BenchSession], list[BenchMetric]]] = {
    "memory": measure_memory,  # first: later, the child also keeps states
    "reading": measure_reading,
    "generation": measure_generation,
    "energy": measure_energy,
    "batches": measure_batches,
    "quoting": measure_quoting,
    "prose": measure_prose,
    "first-token": measure_first_token,
    "stop": measure_stop_latency,
    "gap": measure_pauses,
    "mixes": measure_mixes,
    "identity": measure_identity,
    "tools": measure_beside_tools,
}


def run_benchmarks(
    bench: BenchSession, names: Sequence[str]
) -> Iterator[tuple[str, list[BenchMetric]]]:
    """Measure these parts (none: all): yield each name before it, and again with its metrics.

    Raises InglenookError.
    """
    for name, part in BENCHMARKS.items():
        if name in names or not names:
            yield name, []
            yield name, part(bench)


def reference_noise(figures: Sequence[BenchMetric]) -> float:
    """Return the spread of the reference loop's own speed, as a share; 0: not known."""
    plain = {"reading", "generation"}
    return max((each.reference_spread for each in figures if each.key in plain), default=0.0)


def build_panels(figures: Sequence[BenchMetric]) -> tuple[PlotPanel, ...]:
    """Return the plots that can be drawn of these metrics."""
    known = {figure.key: figure for figure in figures if figure.value is not None}
    drawn = (
        _lines(known, "batch_", _("Several answers at once"), _("answers at once")),
        _lines(known, "at_once_", _("Several answers at once"), _("answers at once")),
        _lines(known, "depth_", _("Writing in a long chat"), _("tokens before")),
        _speculation(known),
        _first_token(known),
    )
    return tuple(panel for panel in drawn if panel)


def _lines(
    known: Mapping[str, BenchMetric], keys: str, title: str, across: str
) -> PlotPanel | None:
    """Return the lines of engine and reference over the number in the keys that begin so."""
    shown = [figure for key, figure in known.items() if key.startswith(keys) and figure.ratio]
    if not shown:
        return None
    return PlotPanel(
        title=title,
        across=across,
        up=_("tokens/s of all together") if keys == "batch_" else shown[0].unit,
        labels=tuple(figure.key.removeprefix(keys) for figure in shown),
        series=(
            PlotSeries(name="Inglenook", values=tuple(figure.value or 0 for figure in shown)),
            PlotSeries(
                name=_("llama.cpp, bare") if keys == "batch_" else shown[0].reference_name,
                values=tuple(figure.reference or 0 for figure in shown),
            ),
        ),
        bars=False,
    )


def _speculation(known: Mapping[str, BenchMetric]) -> PlotPanel | None:
    labels, values = [], []
    for key, quotes in (("quoting_gain", True), ("prose", False)):
        if key in known:
            figure = known[key]
            kind = _("quoting") if quotes else _("ordinary")
            labels += [f"{kind},\n" + _("not guessed"), f"{kind},\n" + _("guessed")]
            values += [figure.reference or 0.0, figure.value or 0.0]
        if quotes and "quoting_ceiling" in known:
            labels.append(_("quoting,\nall right"))
            values.append(known["quoting_ceiling"].reference or 0.0)
    if not values:
        return None
    return PlotPanel(
        title=_("Guessing ahead"),
        across=_("kind of answer"),
        up=_("tokens/s"),
        labels=tuple(labels),
        series=(PlotSeries(name="Inglenook", values=tuple(values)),),
    )


def _first_token(known: Mapping[str, BenchMetric]) -> PlotPanel | None:
    names = {
        "first_token_cold": _("first time"),
        "first_token_follow_up": _("next question"),
        "first_token_resumed": _("after restart"),
    }
    shown = [key for key in names if key in known]
    if not shown:
        return None
    return PlotPanel(
        title=_("Time to the first words of a long chat"),
        across=_("question"),
        up=_("seconds"),
        labels=tuple(names[key] for key in shown),
        series=(
            PlotSeries(name="Inglenook", values=tuple(known[key].value or 0.0 for key in shown)),
        ),
    )
