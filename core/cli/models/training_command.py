"""Command `inglenook model train`: a LoRA adapter of a model, from a person's own examples."""

import argparse

import msgspec

from core.app.training.chat_examples import EDITED, RATED
from core.app.training.example_file import read_example_file
from core.app.training.training_job import (
    FEWEST_EXAMPLES,
    TrainingEstimate,
    TrainingJobProgress,
    TrainingOutcome,
    format_free_time,
)
from core.base.errors import ErrorCode, InglenookError, ModelError
from core.base.formatting import format_bytes
from core.base.i18n import N_, LocalizedFloat, _, ngettext
from core.base.time_left import format_time_left
from core.cli.argument_types import non_empty_text
from core.cli.console import PROGRAM, Console
from core.cli.models.model_command import ModelCommand
from core.cli.session import Session
from core.cli.short_ids import shortest_ids
from core.cli.terminal import absolute_path
from core.messages import ExampleText, TrainingSettings

_MINUTE = 60
_PASSES, _RANKS = (1, 100), (1, 128)


def train_adapter(session: Session, console: Console, options: argparse.Namespace) -> int:
    """Estimate, train, go on or discard. Ctrl-C stops; “--resume” goes on."""
    training = session.app.training
    if options.discard:
        training.discard()
        console.print_note(_("The unfinished training was deleted."))
        return 0
    if options.list:
        return _list_examples(session, console)
    if options.resume:
        job = training.resume()
    else:
        examples = _chosen_examples(session, options)
        settings = TrainingSettings(
            passes=options.passes or TrainingSettings().passes,
            rank=options.rank or TrainingSettings().rank,
            rate=options.rate or TrainingSettings().rate,
        )
        if training.is_coarse(options.ref):
            console.print_note(
                _("Much of this level was rounded away; a higher one of the model learns better.")
            )
        if options.dry_run:
            estimate = training.estimate(options.ref, examples, settings)
            _show_estimate(console, session.wait_for(estimate))
            return 0
        job = training.train(options.ref, examples, settings, options.name or "")
    outcome = session.wait_for(job, lambda progress: _show_progress(console, progress))
    console.clear_status()
    _show_outcome(console, outcome)
    return 0


def _chosen_examples(
    session: Session, options: argparse.Namespace
) -> list[tuple[ExampleText, str]]:
    """Return the examples of the file, or else those of chats. Raises InglenookError."""
    if not options.ref:
        detail = _("the following arguments are required: %s") % _("REF")
        command = f"{PROGRAM} model train"
        raise InglenookError(ErrorCode.USAGE_WRONG, detail=detail, command=command)
    app = session.app
    entry = app.models.find_usable_model(options.ref)
    chosen: list[tuple[ExampleText, str]] = []
    if options.examples:
        own = app.model_settings.store.settings_for_model(entry.path)
        path = absolute_path(options.examples)
        chosen += [(each, "") for each in read_example_file(path, own.system_prompt or "")]
    if options.chats or not options.examples:
        left_out = tuple(options.without)
        chosen += [
            (each.text, each.chat_id)
            for each in app.chat_examples.list_examples(entry.path)
            if not (left_out and each.turn_id.startswith(left_out))
        ]
    if len(chosen) < FEWEST_EXAMPLES:
        count, least = str(len(chosen)), str(FEWEST_EXAMPLES)
        raise ModelError(ErrorCode.TRAINING_EXAMPLES, count=count, least=least)
    return chosen


def _list_examples(session: Session, console: Console) -> int:
    """Show the answers that would be learnt from."""
    examples = session.app.chat_examples.list_examples()
    ids = shortest_ids(each.turn_id for each in examples)
    if console.as_json:
        for each in examples:
            fields = {
                "event": "example",
                "id": each.turn_id,
                "chat": each.chat_id,
                "title": each.title,
                "question": each.question,
                "answer": each.text.answer,
                "reason": each.reason,
            }
            console.print_json(fields)
        return 0
    reasons = {RATED: _("rated"), EDITED: _("edited")}
    rows = [(ids[each.turn_id], reasons[each.reason], each.question) for each in examples]
    console.print_table((_("ID"), _("REASON"), _("QUESTION")), rows)
    if not examples:
        console.print_note(
            _("No answer was rated well or edited yet; do so in chats, or name a file.")
        )
    return 0


def _show_progress(console: Console, progress: TrainingJobProgress) -> None:
    if console.as_json:
        if progress.stage != "training" or progress.held_out is not None:
            console.print_json({"event": "training", **msgspec.to_builtins(progress)})
        return
    if progress.stage != "training":
        words = {
            "reading": _("reading the examples"),
            "opening": _("opening the model"),
            "comparing": _("comparing before and after"),
        }
        console.show_status(words.get(progress.stage, progress.stage))
        return
    rest = _("loss {loss:.2f}").format(loss=LocalizedFloat(progress.loss))
    if progress.seconds_left is not None:
        rest += " · " + format_time_left(progress.seconds_left)
    if progress.held_out is not None:
        text = _("Step {step}: loss {loss:.2f}, of held-out examples {held_out:.2f}")
        console.clear_status()
        console.print_note(
            text.format(
                step=progress.done,
                loss=LocalizedFloat(progress.loss),
                held_out=LocalizedFloat(progress.held_out),
            )
        )
    console.show_progress(progress.done, progress.total, rest)


def _show_estimate(console: Console, estimate: TrainingEstimate) -> None:
    if console.as_json:
        console.print_json({"event": "estimate", **msgspec.to_builtins(estimate)})
        return
    counted = ngettext(
        "{count} example to learn from, {held_out} held out, {steps} steps.",
        "{count} examples to learn from, {held_out} held out, {steps} steps.",
        estimate.examples,
    )
    console.print_line(
        counted.format(count=estimate.examples, held_out=estimate.held_out, steps=estimate.steps)
    )
    _show_left_out(console, estimate.left_out)
    minutes = max(1, round(estimate.seconds / _MINUTE))
    takes = ngettext(
        "About {count} minute on this computer, {memory} of memory; the adapter takes {size}.",
        "About {count} minutes on this computer, {memory} of memory; the adapter takes {size}.",
        minutes,
    )
    console.print_line(
        takes.format(
            count=minutes,
            memory=format_bytes(estimate.memory),
            size=format_bytes(estimate.adapter_bytes),
        )
    )
    if slowed := format_free_time(estimate):
        console.print_note(slowed)


def _show_left_out(console: Console, count: int) -> None:
    if count:
        text = ngettext(
            "{count} example is too long and was left out.",
            "{count} examples are too long and were left out.",
            count,
        )
        console.print_note(text.format(count=count))


def _show_outcome(console: Console, outcome: TrainingOutcome) -> None:
    if console.as_json:
        console.print_json({"event": "trained", **msgspec.to_builtins(outcome)})
        return
    text = _("Trained {ref} for {model}: {size}. Ask with “--adapter {ref}”.")
    console.print_line(
        text.format(ref=outcome.ref, model=outcome.model, size=format_bytes(outcome.bytes))
    )
    _show_left_out(console, outcome.left_out)
    rows = (
        (
            _("held out"),
            outcome.held_out,
            outcome.held_out_before,
            outcome.held_out_after,
        ),
        (_("learnt"), outcome.examples, outcome.learnt_before, outcome.learnt_after),
    )
    console.print_table(
        (_("EXAMPLES"), _("COUNT"), _("LOSS BEFORE"), _("AFTER")),
        [
            (name, str(count), f"{LocalizedFloat(before):.2f}", f"{LocalizedFloat(after):.2f}")
            for name, count, before, after in rows
        ],
    )
    for answer in outcome.answers:
        console.print_line()
        console.print_line(f"? {answer.question}")
        for label, words in (
            (_("wanted"), answer.wanted),
            (_("before"), answer.before),
            (_("after"), answer.after),
        ):
            console.print_line(f"  {label}: {words}")


def _whole_number(least: int, most: int) -> "argparse._ActionType":
    def read(value: str) -> int:
        if not value.isdecimal() or not least <= int(value) <= most:
            text = _("it is no whole number from {least} to {most}")
            raise argparse.ArgumentTypeError(text.format(least=least, most=most))
        return int(value)

    return read


def _rate(value: str) -> float:
    try:
        rate = float(value)
    except ValueError:
        rate = 0.0
    if not 0 < rate <= 1:
        raise argparse.ArgumentTypeError(_("it is no number between 0 and 1"))
    return rate


def _arguments(parser: argparse.ArgumentParser) -> None:
    about = _("a name, part of one, or a GGUF file")
    parser.add_argument("ref", nargs="?", type=non_empty_text, metavar=_("REF"), help=about)
    parser.add_argument(
        "--examples",
        type=non_empty_text,
        metavar=_("FILE"),
        help=_(
            "examples as JSON, “prompt” and “response”, “messages”, or in the form of Alpaca or "
            "ShareGPT; without it, the answers that you rated well or edited"
        ),
    )
    parser.add_argument(
        "--chats", action="store_true", help=_("learn from chats as well as from the file")
    )
    parser.add_argument(
        "--without",
        action="append",
        default=[],
        type=non_empty_text,
        metavar=_("ID"),
        help=_("leave out an answer that “--list” shows; may be repeated"),
    )
    parser.add_argument(
        "--list", action="store_true", help=_("show the answers that would be learnt from")
    )
    _add_settings(parser)
    parser.add_argument(
        "--dry-run", action="store_true", help=_("say what it would take, and train nothing")
    )
    parser.add_argument(
        "--resume", action="store_true", help=_("go on with a training that was stopped")
    )
    parser.add_argument(
        "--discard", action="store_true", help=_("delete a training that was stopped")
    )


def _add_settings(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--name", type=non_empty_text, metavar=_("NAME"), help=_("the adapter's name")
    )
    parser.add_argument(
        "--passes",
        type=_whole_number(*_PASSES),
        metavar=_("N"),
        help=_("how often each example is read (normally 8)"),
    )
    parser.add_argument(
        "--rank",
        type=_whole_number(*_RANKS),
        metavar=_("N"),
        help=_("how much the adapter can hold (normally 16)"),
    )
    parser.add_argument(
        "--rate", type=_rate, metavar=_("RATE"), help=_("how fast it learns (normally 0.0005)")
    )


COMMANDS = (
    ModelCommand(
        "train",
        N_("train an adapter of a model on examples of your own"),
        train_adapter,
        _arguments,
    ),
)
