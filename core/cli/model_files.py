"""`inglenook model remove`, `forget`, `verify` and `folders`: what is done with the files."""

import argparse

from core.app.events import AppEvent
from core.app.events_models import ChecksumKnown, ChecksumProgress
from core.cli.console import Console
from core.cli.model_command import ModelCommand, add_ref, not_empty
from core.cli.session import Session
from core.errors import Code, ModelError
from core.sizes import human_bytes
from core.words import N_, _


def remove(session: Session, console: Console, options: argparse.Namespace) -> int:
    """Take a model off the list; a file of the app's own goes to the trash, others stay."""
    removed = session.app.shelf.remove(options.ref)
    if console.as_json:
        console.json({"ref": removed.ref, "path": removed.path, "trashed": removed.trashed})
    elif removed.trashed:
        console.line(_("Moved {ref} to the trash.").format(ref=removed.ref))
    else:
        told = _("Took {ref} off the list; its file stays at {path}.")
        console.line(told.format(ref=removed.ref, path=removed.path))
    return 0


def forget(session: Session, console: Console, options: argparse.Namespace) -> int:
    """Take a model, or a folder that is looked through, off the list; all files stay."""
    app = session.app
    try:
        app.shelf.forget_folder(options.ref)
    except ModelError as error:
        if error.code != Code.MODELS_FOLDER_UNKNOWN:
            raise
        app.models.forget(options.ref)
    if console.as_json:
        console.json({"forgotten": options.ref})
    else:
        console.line(_("Took {ref} off the list; no file was touched.").format(ref=options.ref))
    return 0


def verify(session: Session, console: Console, options: argparse.Namespace) -> int:
    """Read a model's files whole and compare their SHA-256 with what it should be."""
    failed = 0
    for request_id in session.app.checksums.verify(options.ref):
        known = session.result(request_id, ChecksumKnown, lambda event: _reading(console, event))
        console.clear()
        failed |= known.wrong is not None
        _show(console, known)
    return failed


def folders(session: Session, console: Console, _options: argparse.Namespace) -> int:
    """List the folders that are looked through for models."""
    for folder in session.app.shelf.folders:
        if console.as_json:
            console.json({"path": folder})
        else:
            console.line(folder)
    if not session.app.shelf.folders and not console.as_json:
        console.note(_("No folder is looked through; “inglenook model add FOLDER” adds one."))
    return 0


def _show(console: Console, known: ChecksumKnown) -> None:
    if console.as_json:
        fields: dict[str, object] = {
            "path": known.path,
            "sha256": known.sha256,
            "expected": known.expected,
            "matches": known.sha256 == known.expected if known.expected else None,
        }
        console.json(fields)
        return
    console.line(f"{known.sha256}  {known.path}")
    if known.wrong:
        console.problem(known.wrong)
    elif known.expected:
        console.note(_("It is what it should be."))
    else:
        console.note(_("Nobody said what it should be; from now on it is compared with this."))


def _reading(console: Console, event: AppEvent) -> None:
    if isinstance(event, ChecksumProgress):
        share = f"{human_bytes(event.done)} / {human_bytes(event.total)}"
        console.status(_("Reading: {share}").format(share=share))


def _no_words(_parser: argparse.ArgumentParser) -> None:
    """Take nothing."""


def _add_what(parser: argparse.ArgumentParser) -> None:
    about = _("a model's or adapter's name, or a folder that is looked through")
    parser.add_argument("ref", type=not_empty, metavar=_("REF"), help=about)


COMMANDS = (
    ModelCommand(
        "remove",
        N_("take a model off the list; what the app fetched or made is trashed"),
        remove,
        add_ref,
    ),
    ModelCommand("forget", N_("take a model off the list; its file stays"), forget, _add_what),
    ModelCommand("verify", N_("read a model whole and check its SHA-256"), verify, add_ref),
    ModelCommand("folders", N_("list the folders that are looked through"), folders, _no_words),
)
