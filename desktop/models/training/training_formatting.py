"""Words about trainings: progress, estimates, and what came of them."""

from core.app.training.chat_examples import EDITED
from core.app.training.training_job import (
    TrainingEstimate,
    TrainingJobProgress,
    TrainingOutcome,
    format_free_time,
)
from core.base.i18n import _, ngettext
from core.base.time_left import format_time_left
from desktop.kit.locale_formatting import format_count, format_decimal, format_size

_MINUTE = 60


def format_reason(reason: str) -> str:
    """Say why an answer is an example."""
    return _("edited") if reason == EDITED else _("rated")


def format_progress(progress: TrainingJobProgress) -> str:
    """Say how far a training is."""
    if progress.stage != "training":
        return {
            "reading": _("reading the examples"),
            "opening": _("opening the model"),
            "comparing": _("comparing before and after"),
        }.get(progress.stage, "")
    parts = [
        _("step {done} of {total}").format(
            done=format_count(progress.done), total=format_count(progress.total)
        ),
        _("loss {loss}").format(loss=format_decimal(progress.loss, 2)),
        format_time_left(progress.seconds_left),
    ]
    return " · ".join(filter(None, parts))


def format_estimate(estimate: TrainingEstimate) -> str:
    """Say what a training would take."""
    minutes = max(1, round(estimate.seconds / _MINUTE))
    text = ngettext(
        "About {count} minute on this computer, {memory} of memory; the adapter takes {size}.",
        "About {count} minutes on this computer, {memory} of memory; the adapter takes {size}.",
        minutes,
    ).format(
        count=format_count(minutes),
        memory=format_size(estimate.memory),
        size=format_size(estimate.adapter_bytes),
    )
    parts = (text, format_free_time(estimate), format_left_out(estimate.left_out))
    return " ".join(filter(None, parts))


def format_left_out(count: int) -> str:
    """Say how many examples were too long, "" for none."""
    if not count:
        return ""
    text = ngettext(
        "{count} example is too long and was left out.",
        "{count} examples are too long and were left out.",
        count,
    )
    return text.format(count=format_count(count))


def format_outcome(outcome: TrainingOutcome) -> str:
    """Say what was trained, and how much better it predicts the person's answers."""
    lines = [
        _("{name} is trained for {model}. Chats can choose it with “+” › Adapters.").format(
            name=outcome.ref, model=outcome.model
        ),
        _(
            "Loss of held-out examples: {before} before, {after} after; of learnt ones: {old} "
            "before, {new} after. Lower is better."
        ).format(
            before=format_decimal(outcome.held_out_before, 2),
            after=format_decimal(outcome.held_out_after, 2),
            old=format_decimal(outcome.learnt_before, 2),
            new=format_decimal(outcome.learnt_after, 2),
        ),
        format_left_out(outcome.left_out),
    ]
    return "\n".join(filter(None, lines))
