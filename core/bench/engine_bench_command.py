"""Command `inglenook bench engine`: the engine measured against a plain llama.cpp loop."""

import argparse
from collections.abc import Sequence

import msgspec

from core.app.events.app_events import Problem
from core.base.errors import ErrorCode, InglenookError
from core.base.formatting import format_bytes
from core.base.i18n import LocalizedFloat, _
from core.bench import benchmark_suite
from core.bench.bench_metrics import BenchMetric
from core.bench.bench_session import (
    BenchOptions,
    BenchSession,
    open_bench_session,
    requested_placement,
)
from core.cli.console import Console
from core.cli.library_session import Interrupted
from core.cli.output_file import refuse_existing
from core.cli.session import Session
from core.models.info.model_entry import ModelEntry


def bench_engine(session: Session, console: Console, options: argparse.Namespace) -> int:
    """Measure and print; a metric that misses its target is no failure of the command."""
    refuse_existing(options.plot and str(options.plot), force=options.force)
    app = session.app
    entry = app.models.find_usable_model(
        options.model, again=bool(options.model), anyway=options.try_anyway
    )
    chosen = BenchOptions(
        path=entry.path,
        placement=requested_placement(app, entry.path, options.threads),
        rounds=options.rounds,
        any_architecture=options.try_anyway,
        tools=options.tools,
    )
    with open_bench_session(chosen, session.wake, session.wait) as bench:
        title = _title(entry, bench)
        console.print_note(title)
        figures = _run(bench, console, options.only)
        panels = benchmark_suite.build_panels(figures)
        if options.plot and panels:
            bench.reference.draw_plot(options.plot, title, panels)
        elif options.plot:
            console.print_note(_("There is nothing to draw in what was measured."))
        if console.as_json:
            console.print_json(_summary(entry, bench, figures))
        else:
            _show(console, figures)
    return 0


def refuse_bench_ui(_session: Session, console: Console, _options: argparse.Namespace) -> int:
    """Refuse: a program with a window takes this command before it comes here."""
    message = _("This program has no window that could be measured.")
    hint = _("Use the “inglenook” command of an installation with a window.")
    console.print_failure(Problem(code="bench_ui", message=message, hint=hint))
    return 1


def _run(bench: BenchSession, console: Console, names: Sequence[str]) -> list[BenchMetric]:
    """Measure; what was measured before Ctrl-C is printed, too."""
    figures: list[BenchMetric] = []
    try:
        for name, found in benchmark_suite.run_benchmarks(bench, names):
            console.show_status(_("measuring: {name}").format(name=name))
            figures += found
    except Interrupted as error:
        if figures and not console.as_json:
            _show(console, figures)
        raise InglenookError(ErrorCode.BENCH_STOPPED) from error
    return figures


def _title(entry: ModelEntry, bench: BenchSession) -> str:
    loaded = bench.loaded_model
    return _("{ref} · threads: {threads} · context: {context} · rounds: {rounds}").format(
        ref=entry.ref, threads=loaded.threads, context=loaded.context, rounds=bench.rounds
    )


def _summary(
    entry: ModelEntry, bench: BenchSession, figures: Sequence[BenchMetric]
) -> dict[str, object]:
    return {
        "model": entry.ref,
        "path": entry.path,
        "threads": bench.loaded_model.threads,
        "context": bench.loaded_model.context,
        "placement": msgspec.to_builtins(bench.loaded_model.placement),
        "rounds": bench.rounds,
        "figures": [{**msgspec.to_builtins(each), "met": each.meets_target} for each in figures],
    }


def _show(console: Console, figures: Sequence[BenchMetric]) -> None:
    heads = (_("WHAT"), _("MEASURED"), _("COMPARED WITH"), _("RATIO"), _("ASKED"), _("ENOUGH"))
    console.print_table(heads, [_row(figure) for figure in figures])
    notes = [f"{figure.what}: {figure.note}" for figure in figures if figure.note]
    if notes:
        console.print_line()
    for note in notes:
        console.print_line(f"- {note}")
    if noise := benchmark_suite.reference_noise(figures):
        console.print_line()
        sentence = _(
            "The bare loop itself varied by ±{percent:.0f} % between rounds: ratios that differ "
            "by less say nothing."
        )
        console.print_line(sentence.format(percent=50 * noise))


def _row(figure: BenchMetric) -> tuple[str, ...]:
    reference = _value(figure.reference, figure.unit, figure.reference_spread)
    ratio = "" if figure.ratio is None else f"{LocalizedFloat(figure.ratio):.3f}"
    enough = {True: _("yes"), False: _("no"), None: ""}[figure.meets_target]
    return (
        figure.what,
        _value(figure.value, figure.unit, figure.spread),
        f"{reference}, {figure.reference_name}" if reference else "",
        ratio + _scatter(figure.ratio_spread),
        _asked(figure),
        enough,
    )


def _value(value: float | None, unit: str, spread: float) -> str:
    if value is None:
        return ""
    if unit == "B":
        return format_bytes(round(value))
    shown = f"{value:,.0f}".replace(",", " ") if value >= 100 else f"{LocalizedFloat(value):.3g}"
    return f"{shown} {unit}".rstrip() + _scatter(spread)


def _scatter(spread: float) -> str:
    return f" ±{50 * spread:.0f} %" if spread else ""


def _asked(figure: BenchMetric) -> str:
    requested = figure.asked
    if requested is None:
        return ""
    unit = "" if figure.ratio is not None else figure.unit
    bounds = {"≥": requested.least, "≤": requested.most}
    return ", ".join(
        f"{sign} {LocalizedFloat(bound):g} {unit}".rstrip()
        for sign, bound in bounds.items()
        if bound is not None
    )
