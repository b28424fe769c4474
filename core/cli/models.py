"""`inglenook model list`, `info`, `add` and `retry`: the GGUF files the shelf knows."""

import argparse
from pathlib import Path

from core.app.events import AppEvent
from core.app.events_models import CopyProgress, ModelAdded, ShelfScanned, ShelfScanning
from core.cli.console import Console
from core.cli.model_command import ModelCommand, add_try_anyway, not_empty
from core.cli.model_words import (
    HEADS,
    adapter_fields,
    all_fields,
    entry_fields,
    error_of,
    lines_of,
    row_of,
)
from core.cli.server_words import server_fields, server_words
from core.cli.session import Session
from core.models.entry import AdapterEntry, ModelEntry
from core.sizes import human_bytes
from core.words import N_, _, ngettext


def show_all(session: Session, console: Console, _options: argparse.Namespace) -> int:
    """List the models; one that is gone or damaged says so."""
    scanned = scan(session, console, session.app.shelf.scan())
    entries, adapters = session.app.models.all(), session.app.adapters.all()
    bases = _bases(session, entries, adapters)
    if console.as_json:
        for entry in entries:
            console.json(entry_fields(entry))
        for adapter in adapters:
            console.json(adapter_fields(adapter, bases[adapter.path]))
        for server in session.app.servers.all():
            console.json({"kind": "server", **server_fields(server)})
        return 0
    if not entries:
        console.note(_("There are no models yet; “inglenook model add PATH” adds one."))
    else:
        console.table(tuple(_(head) for head in HEADS), [row_of(entry) for entry in entries])
    for adapter in adapters:
        fits = ", ".join(bases[adapter.path]) or _("no model here")
        console.line(_("Adapter {ref}, for {models}").format(ref=adapter.ref, models=fits))
    for server in session.app.servers.all():
        console.line(server_words(server))
    known: tuple[ModelEntry | AdapterEntry, ...] = (*entries, *adapters)
    for each in known:
        if error := error_of(each):
            console.note(f"{each.ref}: {error}")
    _tell_away(console, scanned)
    _tell_waste(console, entries)
    return 0


def _bases(
    session: Session, entries: tuple[ModelEntry, ...], adapters: tuple[AdapterEntry, ...]
) -> dict[str, list[str]]:
    """Return the names of the models that each adapter goes with, by its path."""
    bases: dict[str, list[str]] = {adapter.path: [] for adapter in adapters}
    for entry in entries if adapters else ():
        for adapter in session.app.adapters.beside(entry.path):
            bases[adapter.path].append(entry.ref)
    return bases


def add(session: Session, console: Console, options: argparse.Namespace) -> int:
    """Put a file, or all files of a folder, on the shelf; where they lie, or copied when asked."""
    app, path = session.app, Path(options.path).expanduser()
    if path.is_dir() and path.suffix.lower() != ".gguf":
        return _add_folder(session, console, options.path)
    if app.adapters.holds(str(path)):
        adapter = app.shelf.add_adapter(str(path))
        if console.as_json:
            console.json(adapter_fields(adapter, []))
        else:
            console.line(_("Added the adapter {ref}.").format(ref=adapter.ref))
        return 0
    if options.copy:
        request_id = app.shelf.copy(options.path)
        added = session.result(request_id, ModelAdded, lambda event: _copying(console, event))
        entry = app.models.look_up(added.ref)
    else:
        entry = app.models.add(options.path, anyway=options.try_anyway)
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
        console.json(all_fields(entry))
        return 0
    lines = lines_of(entry)
    width = max(len(label) for label, _text in lines)
    for label, text in lines:
        console.line(f"{label:<{width}}  {text}")
    return 0


def scan(session: Session, console: Console, request_id: str) -> ShelfScanned:
    """Wait for a scan, showing how far it is."""
    scanned = session.result(request_id, ShelfScanned, lambda event: _scanning(console, event))
    console.clear()
    return scanned


def _add_folder(session: Session, console: Console, path: str) -> int:
    before = {entry.path for entry in session.app.models.all()}
    scanned = scan(session, console, session.app.shelf.add_folder(path))
    new = [entry for entry in session.app.models.all() if entry.path not in before]
    if console.as_json:
        for entry in new:
            console.json(entry_fields(entry))
        return 0
    found = ngettext(
        "Looked through {path}: {count} model is new.",
        "Looked through {path}: {count} models are new.",
        len(new),
    )
    console.line(found.format(path=path, count=len(new)))
    _tell_away(console, scanned)
    return 0


def _tell_away(console: Console, scanned: ShelfScanned) -> None:
    for folder in scanned.away:
        console.note(_("The folder {path} is empty or not there now.").format(path=folder))


def _tell_waste(console: Console, entries: tuple[ModelEntry, ...]) -> None:
    for entry in entries:
        if entry.wasted:
            told = _("{ref} is the same as {twins}: {size} could be free.")
            size, twins = human_bytes(entry.wasted), ", ".join(entry.twins)
            console.note(told.format(ref=entry.ref, twins=twins, size=size))


def _scanning(console: Console, event: AppEvent) -> None:
    if isinstance(event, ShelfScanning):
        console.progress(event.read, event.found, event.current)


def _copying(console: Console, event: AppEvent) -> None:
    if isinstance(event, CopyProgress):
        share = f"{human_bytes(event.done)} / {human_bytes(event.total)}"
        console.status(_("Copying: {share}").format(share=share))


def _no_words(_parser: argparse.ArgumentParser) -> None:
    """Take nothing."""


def _add_words(parser: argparse.ArgumentParser) -> None:
    about = _("the file; or a folder, which is looked through from now on")
    parser.add_argument("path", type=not_empty, metavar=_("PATH"), help=about)
    parser.add_argument(
        "--copy", action="store_true", help=_("copy the file into the app's own folder")
    )
    add_try_anyway(parser)


COMMANDS = (
    ModelCommand("list", N_("list the models"), show_all, _no_words),
    ModelCommand(
        "add", N_("put a GGUF file on the list; it is used where it lies"), add, _add_words
    ),
    ModelCommand("info", N_("say all about a model"), info),
    ModelCommand("retry", N_("use a model again that was put aside after it crashed"), retry),
)
