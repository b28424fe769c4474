"""Formatting of quantizations: ladder cells, measured loss, progress and results."""

from core.app.events.model_events import (
    QuantizationJobFinished,
    QuantizationJobUpdated,
    QuantizationMeasurement,
    QuantizationsMeasured,
)
from core.base.duration_formatting import format_time_left
from core.base.i18n import N_, _
from core.models.quantizations.quantization_ladder import (
    LadderRow,
    QuantizationLadder,
    format_loss,
)
from desktop.kit.locale_formatting import format_count, format_decimal, format_size
from desktop.models.widgets.keyed_table import TableCell

LADDER_COLUMNS = (
    N_("Level"),
    N_("Where it is"),
    N_("Size"),
    N_("Runs on"),
    N_("Tokens/s"),
    N_("Loses"),
    N_("Memory"),
)


def ladder_row_cells(row: LadderRow) -> list[TableCell]:
    """Return a level as a row of the table."""
    where, role = format_run_device(row)
    unknown = "—"
    return [
        (row.level, ""),
        (format_availability(row), "good" if row.path else "muted"),
        (_with_tilde(format_size(row.bytes), exact=row.exactly) if row.bytes else unknown, ""),
        (where, role),
        (
            _with_tilde(format_speed(row.speed), exact=row.speed_measured)
            if row.speed
            else unknown,
            "",
        ),
        (format_row_loss(row), ""),
        (format_size(row.memory) if row.planned else unknown, ""),
    ]


def format_run_device(row: LadderRow) -> TableCell:
    """Say where a level would run."""
    return {
        "gpu": (_("graphics card"), "good"),
        "part": (_("both"), "good"),
        "cpu": (_("processor"), ""),
        "no": (_("does not fit"), "error"),
    }.get(row.where, (_("not known"), "muted"))


def format_availability(row: LadderRow) -> str:
    """Say where a level is to be had."""
    if row.path:
        return _("here")
    if row.fetch:
        return _("to fetch")
    if row.makeable:
        return _("to make")
    return "—"


def format_speed(speed: float) -> str:
    """Return tokens a second with two figures."""
    return format_decimal(speed, 0 if speed >= 10 else 1)


def format_row_loss(row: LadderRow) -> str:
    """Say what a level loses; a star marks what was published, not measured here."""
    if row.loss is None:
        return "—"
    return format_loss(row.loss.share, format_decimal) + ("" if row.loss.measured else " *")


def format_ladder_row(row: LadderRow) -> str:
    """Say in sentences what a level would be like here."""
    said = []
    if row.plan is not None:
        words = {
            "gpu": _("It would run on the graphics card alone."),
            "part": _("It would run partly on the graphics card, partly on the processor."),
            "cpu": _("It would run on the processor."),
            "no": _("It needs more memory than this computer has."),
        }
        said.append(words.get(row.where, ""))
        context = _("That is with {count} tokens in view.")
        said.append(context.format(count=format_count(row.plan.plan.context)))
    if row.loss and row.loss.measured:
        measured = _(
            "Measured here against {best}: it writes the same word in {same} of 100 places."
        )
        if row.loss.same_choice:
            same = round(100 * row.loss.same_choice)
            said.append(measured.format(best=row.loss.against, same=same))
    if row.needs_matrix and not row.path:
        said.append(_("To make it, an importance matrix is needed."))
    return " ".join(filter(None, said))


def format_loss_sources(ladder: QuantizationLadder) -> str:
    """Say what the star means, "" where there is none."""
    sources = {row.loss.source for row in ladder.rows if row.loss and not row.loss.measured}
    if not sources:
        return ""
    words = _("* Published, not measured here: {source}")
    return words.format(source="; ".join(sorted(filter(None, sources))))


def format_quantization_progress(event: QuantizationJobUpdated) -> str:
    """Say what is being done, and how long it will take."""
    words = _("Making") if event.stage == "making" else _("Measuring")
    return " · ".join(filter(None, [words, event.current, format_time_left(event.seconds_left)]))


def format_quantization_result(event: QuantizationJobFinished) -> str:
    """Say what was made, and what it lost."""
    words = _("{level} is made: {size}, as {name}.").format(
        level=event.level, size=format_size(event.bytes), name=event.ref
    )
    return f"{words} {format_measured_loss(event.measured)}" if event.measured else words


def format_measurements(event: QuantizationsMeasured) -> str:
    """Say what was measured."""
    levels = event.levels
    if len(levels) == 1:
        return format_measured_loss(levels[0])
    lines = [f"{level.level}: {format_measured_loss(level)}" for level in levels if level.loss]
    return "\n".join(lines) or format_measured_loss(levels[-1])


def format_measured_loss(level: QuantizationMeasurement) -> str:
    """Say what a level lost against the best one."""
    speed = _("It wrote {speed} tokens a second.").format(
        speed=format_speed(level.tokens_per_second)
    )
    if level.loss is None:
        return f"{speed} {_('There is no higher level here to compare it with.')}"
    words = _("Against {best} it loses {share} and writes the same word in {same} of 100 places.")
    told = words.format(
        best=level.loss.against,
        share=format_loss(level.loss.share, format_decimal),
        same=round(100 * level.loss.same_choice),
    )
    return f"{told} {speed}"


def _with_tilde(text: str, *, exact: bool) -> str:
    return text if exact else f"~{text}"
