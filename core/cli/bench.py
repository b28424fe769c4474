"""`inglenook bench engine`: the engine against a bare llama.cpp loop; the window is elsewhere."""

import argparse
from collections.abc import Sequence

import msgspec

from core.app.events import Problem
from core.app.measuring import engine_rig
from core.cli.console import Console
from core.cli.session import Interrupted, Session
from core.engine.bench import course
from core.engine.bench.figures import Figure
from core.engine.bench.rig import Rig
from core.errors import Code, InglenookError
from core.models.entry import ModelEntry
from core.sizes import human_bytes
from core.words import Number, _


def engine(session: Session, console: Console, options: argparse.Namespace) -> int:
    """Measure and print; a figure that is less than asked is no failure of the command."""
    app = session.app
    entry = app.models.find(options.model, again=bool(options.model), anyway=options.try_anyway)
    with engine_rig(
        app,
        entry.path,
        rounds=options.rounds,
        threads=options.threads,
        wake=session.wake,
        wait=session.wait,
        any_architecture=options.try_anyway,
    ) as rig:
        title = _title(entry, rig)
        console.note(title)
        figures = _measured(rig, console, options.only)
        panels = course.panels(figures)
        if options.plot and panels:
            rig.bare.draw(options.plot, title, panels)
        elif options.plot:
            console.note(_("There is nothing to draw in what was measured."))
        if console.as_json:
            console.json(_summary(entry, rig, figures))
        else:
            _show(console, figures)
    return 0


def window(_session: Session, console: Console, _options: argparse.Namespace) -> int:
    """Refuse: a program with a window takes this command before it comes here."""
    message = _("This program has no window that could be measured.")
    hint = _("Use the “inglenook” command of an installation with a window.")
    console.failed(Problem(code="bench_ui", message=message, hint=hint))
    return 1


def _measured(rig: Rig, console: Console, names: Sequence[str]) -> list[Figure]:
    """Measure; what was measured before Ctrl-C is printed."""
    figures: list[Figure] = []
    try:
        for name, found in course.measure(rig, names):
            console.status(_("measuring: {name}").format(name=name))
            figures += found
    except Interrupted as error:
        if figures and not console.as_json:
            _show(console, figures)
        raise InglenookError(Code.BENCH_STOPPED) from error
    return figures


def _title(entry: ModelEntry, rig: Rig) -> str:
    loaded = rig.loaded
    return _("{ref} · threads: {threads} · context: {context} · rounds: {rounds}").format(
        ref=entry.ref, threads=loaded.threads, context=loaded.context, rounds=rig.rounds
    )


def _summary(entry: ModelEntry, rig: Rig, figures: Sequence[Figure]) -> dict[str, object]:
    return {
        "model": entry.ref,
        "path": entry.path,
        "threads": rig.loaded.threads,
        "context": rig.loaded.context,
        "placement": msgspec.to_builtins(rig.loaded.placement),
        "rounds": rig.rounds,
        "figures": [{**msgspec.to_builtins(each), "met": each.met} for each in figures],
    }


def _show(console: Console, figures: Sequence[Figure]) -> None:
    heads = (_("WHAT"), _("MEASURED"), _("COMPARED WITH"), _("RATIO"), _("ASKED"), _("ENOUGH"))
    console.table(heads, [_row(figure) for figure in figures])
    notes = [f"{figure.what}: {figure.note}" for figure in figures if figure.note]
    if notes:
        console.line()
    for note in notes:
        console.line(f"- {note}")
    if noise := course.noise(figures):
        console.line()
        sentence = _(
            "The bare loop itself varied by ±{percent:.0f} % between rounds: ratios that differ "
            "by less say nothing."
        )
        console.line(sentence.format(percent=50 * noise))


def _row(figure: Figure) -> tuple[str, ...]:
    reference = _value(figure.reference, figure.unit, figure.reference_spread)
    ratio = "" if figure.ratio is None else f"{Number(figure.ratio):.3f}"
    enough = {True: _("yes"), False: _("no"), None: ""}[figure.met]
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
        return human_bytes(round(value))
    shown = f"{value:,.0f}".replace(",", " ") if value >= 100 else f"{Number(value):.3g}"
    return f"{shown} {unit}".rstrip() + _scatter(spread)


def _scatter(spread: float) -> str:
    return f" ±{50 * spread:.0f} %" if spread else ""


def _asked(figure: Figure) -> str:
    asked = figure.asked
    if asked is None:
        return ""
    unit = "" if figure.ratio is not None else figure.unit
    bounds = {"≥": asked.least, "≤": asked.most}
    return ", ".join(
        f"{sign} {Number(bound):g} {unit}".rstrip()
        for sign, bound in bounds.items()
        if bound is not None
    )
