"""Formatting of quantizations: ladder cells, measured loss, progress and results."""

from core.app.events.model_events import (
    QuantizationJobFinished,
    QuantizationMeasurement,
    QuantizationsMeasured,
)
from core.app.quantization.quantization_jobs import QuantizationJobProgress
from core.base.errors import ErrorCode
from core.base.i18n import N_, _
from core.base.time_left import format_time_left
from core.models.quantizations.quantization_ladder import (
    LadderRow,
    QuantizationLadder,
    RunLocation,
    format_loss,
)
from desktop.kit.locale_formatting import format_count, format_decimal, format_size
from desktop.models.widgets.keyed_table import TableCell
from desktop.models.widgets.message_line import format_problem

LADDER_COLUMNS = (
    N_("Level"),
    N_("Where it is"),
    N_("Size"),
    N_("Runs on"),
    N_("Tokens/s"),
    N_("Loses"),
    N_("Memory"),
)
DEVICE_COLUMN, MEMORY_COLUMN = 3, 6


def ladder_row_cells(row: LadderRow) -> list[TableCell]:
    """Return a quantization as a row of the table."""
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
        (
            format_size(row.memory) if row.planned else unknown,
            "error" if row.where is RunLocation.NOWHERE else "",
        ),
    ]


def format_run_device(row: LadderRow) -> TableCell:
    """Return on which device a quantization would run."""
    return {
        RunLocation.GPU: (_("graphics card"), "good"),
        RunLocation.PARTLY_GPU: (_("both"), "good"),
        RunLocation.CPU: (_("processor"), ""),
        RunLocation.NOWHERE: (_("does not fit"), "error"),
    }.get(row.where, (_("not known"), "muted"))


def format_availability(row: LadderRow) -> str:
    """Return where a quantization is available."""
    if row.path:
        return _("here")
    if row.fetch:
        return _("to fetch")
    if row.makeable:
        return _("to make")
    return "—"


def format_speed(speed: float) -> str:
    """Return tokens per second with two digits."""
    return format_decimal(speed, 0 if speed >= 10 else 1)


def format_row_loss(row: LadderRow) -> str:
    """Return the loss of a quantization; a star marks a published, not measured one."""
    if row.loss is None:
        return "—"
    return format_loss(row.loss.share, format_decimal) + ("" if row.loss.measured else " *")


def format_ladder_row(row: LadderRow) -> str:
    """Describe in sentences how a quantization would run here."""
    sentences = []
    if row.plan is not None:
        places = {
            RunLocation.GPU: _("It would run on the graphics card alone."),
            RunLocation.PARTLY_GPU: _(
                "It would run partly on the graphics card, partly on the processor."
            ),
            RunLocation.CPU: _("It would run on the processor."),
            RunLocation.NOWHERE: _("It needs more memory than this computer has."),
        }
        sentences.append(places.get(row.where, ""))
        if row.planned:
            sentences.append(_("It takes {size} of memory.").format(size=format_size(row.memory)))
        context = _("That is with {count} tokens in view.")
        sentences.append(context.format(count=format_count(row.plan.plan.context)))
    if row.loss and row.loss.measured:
        measured = _(
            "Measured here against {best}: it writes the same word in {same} of 100 places."
        )
        if row.loss.same_choice:
            same = round(100 * row.loss.same_choice)
            sentences.append(measured.format(best=row.loss.against, same=same))
    if row.needs_matrix and not row.path:
        sentences.append(_("To make it, an importance matrix is needed."))
    return " ".join(filter(None, sentences))


def format_loss_sources(ladder: QuantizationLadder) -> str:
    """Return the explanation of the star, "" if there is none."""
    sources = {row.loss.source for row in ladder.rows if row.loss and not row.loss.measured}
    if not sources:
        return ""
    text = _("* Published, not measured here: {source}")
    return text.format(source="; ".join(sorted(filter(None, sources))))


def format_job_progress(progress: QuantizationJobProgress) -> str:
    """Return what is being done, and how long it will take."""
    stage = _("Making") if progress.stage == "making" else _("Measuring")
    parts = [stage, progress.current, format_time_left(progress.seconds_left)]
    return " · ".join(filter(None, parts))


def format_job_result(result: QuantizationJobFinished | QuantizationsMeasured) -> tuple[str, str]:
    """Return the result of a job, and its colour role."""
    if isinstance(result, QuantizationsMeasured):
        return _format_measurements(result), "good"
    text = _format_made(result)
    if result.problem is None:
        return text, "good"
    if result.problem.code == ErrorCode.CANCELLED:
        return _("{told} It was not measured.").format(told=text), "muted"
    return f"{text} {format_problem(result.problem)}", "warning"


def _format_made(result: QuantizationJobFinished) -> str:
    """Return what was made, and its loss."""
    text = _("{level} is made: {size}, as {name}.").format(
        level=result.level, size=format_size(result.bytes), name=result.ref
    )
    return f"{text} {format_measured_loss(result.measured)}" if result.measured else text


def _format_measurements(result: QuantizationsMeasured) -> str:
    levels = result.levels
    if len(levels) == 1:
        return format_measured_loss(levels[0])
    lines = [f"{level.level}: {format_measured_loss(level)}" for level in levels if level.loss]
    return "\n".join(lines) or format_measured_loss(levels[-1])


def format_measured_loss(level: QuantizationMeasurement) -> str:
    """Return the measured loss against the best quantization."""
    speed = _("It wrote {speed} tokens a second.").format(
        speed=format_speed(level.tokens_per_second)
    )
    if level.loss is None:
        return f"{speed} {_('There is no higher level here to compare it with.')}"
    text = _("Against {best} it loses {share} and writes the same word in {same} of 100 places.")
    loss = text.format(
        best=level.loss.against,
        share=format_loss(level.loss.share, format_decimal),
        same=round(100 * level.loss.same_choice),
    )
    return f"{loss} {speed}"


def _with_tilde(text: str, *, exact: bool) -> str:
    return text if exact else f"~{text}"
