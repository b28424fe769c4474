"""`inglenook model …`: the GGUF files the shelf knows."""

import argparse

from core.app.problems import problem_of
from core.cli.console import Console
from core.cli.model_command import ModelCommand, add_try_anyway, not_empty
from core.cli.session import Session
from core.errors import Code, ModelError
from core.models.entry import ModelEntry
from core.sizes import human_bytes, human_count
from core.words import N_, _


def show_all(session: Session, console: Console, _options: argparse.Namespace) -> int:
    """List the models; one that is gone or damaged says so."""
    entries = session.app.models.all()
    if console.as_json:
        for entry in entries:
            console.json(entry_fields(entry))
        return 0
    if not entries:
        console.note(_("There are no models yet; “inglenook model add PATH” adds one."))
        return 0
    heads = (
        _("NAME"),
        _("FAMILY"),
        _("PARAMETERS"),
        _("LEVEL"),
        _("SIZE"),
        _("CONTEXT"),
        _("FITS"),
    )
    console.table(heads, [_row(entry) for entry in entries])
    for entry in entries:
        if entry.problem_code:
            console.note(f"{entry.ref}: {_error(entry)}")
    return 0


def add(session: Session, console: Console, options: argparse.Namespace) -> int:
    """Put a file on the shelf, where it lies."""
    entry = session.app.models.add(options.path, anyway=options.try_anyway)
    if console.as_json:
        console.json(entry_fields(entry))
    else:
        console.line(_("Added {ref}: {family}.").format(ref=entry.ref, family=entry.family))
    return 0


def retry(session: Session, console: Console, options: argparse.Namespace) -> int:
    """Take a file that was put aside back into use."""
    entry = session.app.models.retry(options.ref)
    if console.as_json:
        console.json(entry_fields(entry))
    else:
        console.line(_("{ref} is used again when it is asked.").format(ref=entry.ref))
    return 0


def info(session: Session, console: Console, options: argparse.Namespace) -> int:
    """Say all about one model."""
    entry = session.app.models.find(options.ref)
    if console.as_json:
        more = {
            "architecture": entry.architecture,
            "memory_needed": entry.memory_needed,
            "has_template": entry.has_template,
        }
        console.json({**entry_fields(entry), **more})
        return 0
    lines = (
        (_("Name"), entry.ref),
        (_("Family"), entry.family),
        (_("Architecture"), entry.architecture),
        (_("Parameters"), human_count(entry.parameters)),
        (_("Quantization level"), entry.quantization),
        (_("Size on disk"), human_bytes(entry.bytes_on_disk)),
        (_("Trained context"), _("{count} tokens").format(count=entry.context)),
        (_("Memory needed"), human_bytes(entry.memory_needed)),
        (_("Fits this machine"), _fits(entry)),
        (
            _("Chat template"),
            _("its own") if entry.has_template else _("none; a plain form is used"),
        ),
        (_("File"), entry.path),
    )
    width = max(len(label) for label, _text in lines)
    for label, text in lines:
        console.line(f"{label:<{width}}  {text}")
    return 0


def entry_fields(entry: ModelEntry) -> dict[str, object]:
    """Return a model as scripts get it."""
    fields: dict[str, object] = {
        "ref": entry.ref,
        "path": entry.path,
        "family": entry.family,
        "parameters": entry.parameters,
        "quantization": entry.quantization,
        "bytes": entry.bytes_on_disk,
        "context": entry.context,
        "fits": entry.fits,
    }
    if entry.problem_code:
        problem = problem_of(_error(entry))
        fields["problem"] = {
            "code": problem.code,
            "message": problem.message,
            "hint": problem.hint,
        }
    return fields


def _row(entry: ModelEntry) -> tuple[str, ...]:
    return (
        entry.ref,
        entry.family,
        human_count(entry.parameters) if entry.parameters else "",
        entry.quantization,
        human_bytes(entry.bytes_on_disk) if entry.bytes_on_disk else "",
        str(entry.context or ""),
        _state(entry),
    )


def _state(entry: ModelEntry) -> str:
    if entry.problem_code == Code.MODEL_PUT_ASIDE:
        return _("put aside")
    return _("unusable") if entry.problem_code else _fits(entry)


def _fits(entry: ModelEntry) -> str:
    return {"yes": _("yes"), "tight": _("tight"), "no": _("no")}.get(entry.fits, entry.fits)


def _error(entry: ModelEntry) -> ModelError:
    return ModelError(Code(entry.problem_code), **entry.problem_facts)


def _no_words(_parser: argparse.ArgumentParser) -> None:
    """Take nothing."""


def _add_words(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("path", type=not_empty, metavar=_("PATH"), help=_("the file"))
    add_try_anyway(parser)


COMMANDS = (
    ModelCommand("list", N_("list the models"), show_all, _no_words),
    ModelCommand(
        "add", N_("put a GGUF file on the list; it is used where it lies"), add, _add_words
    ),
    ModelCommand("info", N_("say all about a model"), info),
    ModelCommand("retry", N_("use a model again that was put aside after it crashed"), retry),
)
