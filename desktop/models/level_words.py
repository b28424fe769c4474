"""What a ladder's rows, and the work on levels, say."""

from core.app.durations import time_left
from core.app.events_ladder import LevelFinished, LevelMoved, LevelsMeasured, MeasuredLevel
from core.models.ladder import Ladder, LadderRow, percent
from core.words import N_, _
from desktop.models.row_table import Cell
from desktop.words import count, decimal, size

HEADS = (
    N_("Level"),
    N_("Where it is"),
    N_("Size"),
    N_("Runs on"),
    N_("Tokens/s"),
    N_("Loses"),
    N_("Memory"),
)


def row_cells(row: LadderRow) -> list[Cell]:
    """Return a level as a row of the table."""
    where, role = where_words(row)
    unknown = "—"
    return [
        (row.level, ""),
        (place_words(row), "good" if row.path else "muted"),
        (_about(size(row.bytes), exact=row.exactly) if row.bytes else unknown, ""),
        (where, role),
        (_about(speed_words(row.speed), exact=row.speed_measured) if row.speed else unknown, ""),
        (loss_words(row), ""),
        (size(row.memory) if row.planned else unknown, ""),
    ]


def where_words(row: LadderRow) -> Cell:
    """Say where a level would run."""
    return {
        "gpu": (_("graphics card"), "good"),
        "part": (_("both"), "good"),
        "cpu": (_("processor"), ""),
        "no": (_("does not fit"), "error"),
    }.get(row.where, (_("not known"), "muted"))


def place_words(row: LadderRow) -> str:
    """Say where a level is to be had."""
    if row.path:
        return _("here")
    if row.fetch:
        return _("to fetch")
    if row.makeable:
        return _("to make")
    return "—"


def speed_words(speed: float) -> str:
    """Return tokens a second with two figures."""
    return decimal(speed, 0 if speed >= 10 else 1)


def loss_words(row: LadderRow) -> str:
    """Say what a level loses; a star marks what was published, not measured here."""
    if row.loss is None:
        return "—"
    return percent(row.loss.share, decimal) + ("" if row.loss.measured else " *")


def row_words(row: LadderRow) -> str:
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
        said.append(context.format(count=count(row.plan.plan.context)))
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


def note_words(ladder: Ladder) -> str:
    """Say what the star means, "" where there is none."""
    sources = {row.loss.source for row in ladder.rows if row.loss and not row.loss.measured}
    if not sources:
        return ""
    words = _("* Published, not measured here: {source}")
    return words.format(source="; ".join(sorted(filter(None, sources))))


def moved_words(event: LevelMoved) -> str:
    """Say what is being done, and how long it will take."""
    words = _("Making") if event.stage == "making" else _("Measuring")
    return " · ".join(filter(None, [words, event.current, time_left(event.seconds_left)]))


def finished_words(event: LevelFinished) -> str:
    """Say what was made, and what it lost."""
    words = _("{level} is made: {size}, as {name}.").format(
        level=event.level, size=size(event.bytes), name=event.ref
    )
    return f"{words} {lost_words(event.measured)}" if event.measured else words


def measured_words(event: LevelsMeasured) -> str:
    """Say what was measured."""
    levels = event.levels
    if len(levels) == 1:
        return lost_words(levels[0])
    lines = [f"{level.level}: {lost_words(level)}" for level in levels if level.loss]
    return "\n".join(lines) or lost_words(levels[-1])


def lost_words(level: MeasuredLevel) -> str:
    """Say what a level lost against the best one."""
    speed = _("It wrote {speed} tokens a second.").format(
        speed=speed_words(level.tokens_per_second)
    )
    if level.loss is None:
        return f"{speed} {_('There is no higher level here to compare it with.')}"
    words = _("Against {best} it loses {share} and writes the same word in {same} of 100 places.")
    told = words.format(
        best=level.loss.against,
        share=percent(level.loss.share, decimal),
        same=round(100 * level.loss.same_choice),
    )
    return f"{told} {speed}"


def _about(text: str, *, exact: bool) -> str:
    return text if exact else f"~{text}"
