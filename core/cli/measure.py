"""`inglenook model measure`: what a level lost against the best one here, and how fast it is."""

import argparse
from collections.abc import Callable

import msgspec

from core.app.events import AppEvent
from core.app.events_ladder import LevelMoved, LevelsMeasured, MeasuredLevel
from core.cli.console import Console
from core.cli.model_command import ModelCommand, add_ref
from core.cli.session import Interrupted, Session
from core.models.ladder import percent
from core.words import N_, Number, _


def measure(session: Session, console: Console, options: argparse.Namespace) -> int:
    """Measure and print; what was found is remembered for the ladder."""
    desk = session.app.levels
    request_id = desk.measure(options.ref, every=options.all)
    try:
        found = session.result(request_id, LevelsMeasured, watch=progress_on(console))
    except Interrupted:
        desk.cancel(request_id)
        raise
    if console.as_json:
        for level in found.levels:
            console.json(level_fields(level))
        return 0
    heads = (_("LEVEL"), _("PERPLEXITY"), _("LOSES"), _("SAME WORD"), _("TOKENS/S"), _("NAME"))
    console.table(heads, [_row(level) for level in found.levels])
    if len(found.levels) == 1:
        console.note(_("No higher level of this model is here to compare it with."))
    return 0


def progress_on(console: Console) -> Callable[[AppEvent], None]:
    """Return what shows how far making or measuring is."""

    def watch(event: AppEvent) -> None:
        if isinstance(event, LevelMoved):
            console.progress(event.done, event.total, moved_words(event))

    return watch


def moved_words(event: LevelMoved) -> str:
    """Say what is being done, and how long it will take."""
    words = _("making") if event.stage == "making" else _("measuring")
    said = f"{words} · {event.current}"
    if event.seconds_left is not None:
        said += " · " + _("about {seconds:.0f} s left").format(seconds=event.seconds_left)
    return said


def level_fields(level: MeasuredLevel) -> dict[str, object]:
    """Return a measured level as scripts get it."""
    return {
        "event": "measured",
        "ref": level.ref,
        "path": level.path,
        "level": level.level,
        "perplexity": round(level.perplexity, 4),
        "perplexity_error": round(level.perplexity_error, 4),
        "tokens": level.tokens,
        "tokens_per_second": round(level.tokens_per_second, 2),
        "loss": msgspec.to_builtins(level.loss) if level.loss else None,
    }


def lost_words(level: MeasuredLevel) -> str:
    """Say what a level lost against the best one."""
    if level.loss is None:
        return _("There is no higher level here to compare it with.")
    words = _(
        "Against {best} it loses {share} (KL divergence {divergence:.4f}) and writes the same "
        "word in {same} of 100 places."
    )
    return words.format(
        best=level.loss.against,
        share=percent(level.loss.share),
        divergence=Number(level.loss.divergence or 0),
        same=round(100 * level.loss.same_choice),
    )


def _row(level: MeasuredLevel) -> tuple[str, ...]:
    loss = level.loss
    return (
        level.level,
        f"{Number(level.perplexity):.3f} ± {Number(level.perplexity_error):.3f}",
        percent(loss.share) if loss else "",
        _("{count} of 100").format(count=round(100 * loss.same_choice)) if loss else "",
        f"{Number(level.tokens_per_second):.1f}",
        level.ref,
    )


def _arguments(parser: argparse.ArgumentParser) -> None:
    add_ref(parser)
    parser.add_argument(
        "--all", action="store_true", help=_("measure every level of the model that is here")
    )


COMMANDS = (
    ModelCommand("measure", N_("measure what a level of a model loses"), measure, _arguments),
)
