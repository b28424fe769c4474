"""Commands `inglenook model list`, `info`, `add` and `retry`."""

import argparse

import msgspec

from core.app.events.model_events import ModelScanFinished, ModelScanProgress
from core.app.judging.ability_formatting import ability_fields, format_ability
from core.app.loading.tuning_text import describe_tuning
from core.app.models.model_file_service import Scan
from core.base.formatting import format_bytes
from core.base.i18n import N_, _, ngettext
from core.cli.argument_types import non_empty_text
from core.cli.console import Console
from core.cli.models.model_command import (
    ModelCommand,
    add_no_arguments,
    add_try_anyway_argument,
)
from core.cli.models.model_formatting import (
    MODEL_TABLE_HEADS,
    adapter_fields,
    detailed_model_fields,
    model_detail_lines,
    model_error,
    model_fields,
    model_row,
)
from core.cli.models.server_command import format_server, server_fields
from core.cli.session import Session
from core.cli.terminal import absolute_path
from core.models.files.byte_progress import ByteProgress
from core.models.info.model_entry import AdapterEntry, ModelEntry


def list_models(session: Session, console: Console, _options: argparse.Namespace) -> int:
    """List the models, adapters and servers, and what is wrong with those that can't be used."""
    scanned = wait_for_scan(session, console, session.app.model_files.scan_models())
    entries, adapters = session.app.registry.list_models(), session.app.registry.list_adapters()
    bases = _bases(session, entries, adapters)
    if console.as_json:
        for entry in entries:
            console.print_json(model_fields(entry))
        for adapter in adapters:
            console.print_json(adapter_fields(adapter, bases[adapter.path]))
        for server in session.app.servers.list_servers():
            console.print_json({"kind": "server", **server_fields(server)})
        return 0
    if not entries:
        console.print_note(_("There are no models yet; “inglenook model add PATH” adds one."))
    else:
        console.print_table(
            tuple(_(head) for head in MODEL_TABLE_HEADS), [model_row(entry) for entry in entries]
        )
    for adapter in adapters:
        fits = ", ".join(bases[adapter.path]) or _("no model here")
        console.print_line(_("Adapter {ref}, for {models}").format(ref=adapter.ref, models=fits))
    for server in session.app.servers.list_servers():
        console.print_line(format_server(server))
    known: tuple[ModelEntry | AdapterEntry, ...] = (*entries, *adapters)
    for each in known:
        if error := model_error(each):
            console.print_note(f"{each.ref}: {error}")
    _print_missing_folders(console, scanned)
    _print_duplicates(console, entries)
    return 0


def _bases(
    session: Session, entries: tuple[ModelEntry, ...], adapters: tuple[AdapterEntry, ...]
) -> dict[str, list[str]]:
    """Return the names of the models that each adapter goes with, by its path."""
    bases: dict[str, list[str]] = {adapter.path: [] for adapter in adapters}
    for entry in entries if adapters else ():
        for adapter in session.app.adapters.adapters_for_model(entry.path):
            bases[adapter.path].append(entry.ref)
    return bases


def add_model(session: Session, console: Console, options: argparse.Namespace) -> int:
    """Register a file, or all files of a folder: where they lie, or copied when asked."""
    app, path = session.app, absolute_path(options.path)
    if path.is_dir() and path.suffix.lower() != ".gguf":
        return _add_folder(session, console, options.path)
    if app.adapters.is_adapter_file(str(path)):
        adapter = app.model_files.add_adapter(str(path))
        if console.as_json:
            console.print_json(adapter_fields(adapter, []))
        else:
            console.print_line(_("Added the adapter {ref}.").format(ref=adapter.ref))
        return 0
    if options.copy:
        copy = app.model_files.copy_model(options.path)
        entry = session.wait_for(copy, lambda progress: _show_copy_progress(console, progress))
    else:
        entry = app.models.add_model(options.path, anyway=options.try_anyway)
    if console.as_json:
        console.print_json(model_fields(entry))
    else:
        console.print_line(_("Added {ref}: {family}.").format(ref=entry.ref, family=entry.family))
    return 0


def retry_model(session: Session, console: Console, options: argparse.Namespace) -> int:
    """Allow a file again that was quarantined after it crashed."""
    entry = session.app.models.retry_model(options.ref)
    if console.as_json:
        console.print_json(model_fields(entry))
    else:
        console.print_line(_("{ref} is used again when it is asked.").format(ref=entry.ref))
    return 0


def show_model_info(session: Session, console: Console, options: argparse.Namespace) -> int:
    """Print all that is known about one model."""
    entry = session.app.models.find_usable_model(options.ref)
    ability = session.app.abilities.ability_of_model(entry.path)
    tuning = session.app.tunings.tuning_of_model(entry.path)
    if console.as_json:
        more = {"judging": ability_fields(ability), "tuning": msgspec.to_builtins(tuning)}
        console.print_json(detailed_model_fields(entry) | more)
        return 0
    lines = [*model_detail_lines(entry), (_("As a judge"), format_ability(ability))]
    if tuning:
        lines.append((_("Speed"), describe_tuning(tuning)))
    width = max(len(label) for label, _text in lines)
    for label, text in lines:
        console.print_line(f"{label:<{width}}  {text}")
    return 0


def wait_for_scan(session: Session, console: Console, scan: Scan) -> ModelScanFinished:
    """Wait for a scan, showing how far it is."""
    scanned = session.wait_for(scan, lambda progress: _show_scan_progress(console, progress))
    console.clear_status()
    return scanned


def _add_folder(session: Session, console: Console, path: str) -> int:
    before = {entry.path for entry in session.app.registry.list_models()}
    scanned = wait_for_scan(session, console, session.app.model_files.add_model_folder(path))
    new = [entry for entry in session.app.registry.list_models() if entry.path not in before]
    if console.as_json:
        for entry in new:
            console.print_json(model_fields(entry))
        return 0
    found = ngettext(
        "Looked through {path}: {count} model is new.",
        "Looked through {path}: {count} models are new.",
        len(new),
    )
    console.print_line(found.format(path=path, count=len(new)))
    _print_missing_folders(console, scanned)
    return 0


def _print_missing_folders(console: Console, scanned: ModelScanFinished) -> None:
    for folder in scanned.away:
        console.print_note(_("The folder {path} is empty or not there now.").format(path=folder))


def _print_duplicates(console: Console, entries: tuple[ModelEntry, ...]) -> None:
    for entry in entries:
        if entry.wasted:
            text = _("{ref} is the same as {twins}: {size} could be free.")
            size, copies = format_bytes(entry.wasted), ", ".join(entry.duplicates)
            console.print_note(text.format(ref=entry.ref, twins=copies, size=size))


def _show_scan_progress(console: Console, progress: ModelScanProgress) -> None:
    console.show_progress(progress.read, progress.found, progress.current)


def _show_copy_progress(console: Console, progress: ByteProgress) -> None:
    share = f"{format_bytes(progress.done)} / {format_bytes(progress.total)}"
    console.show_status(_("Copying: {share}").format(share=share))


def _add_add_arguments(parser: argparse.ArgumentParser) -> None:
    about = _("the file; or a folder, which is looked through from now on")
    parser.add_argument("path", type=non_empty_text, metavar=_("PATH"), help=about)
    parser.add_argument(
        "--copy", action="store_true", help=_("copy the file into the app's own folder")
    )
    add_try_anyway_argument(parser)


COMMANDS = (
    ModelCommand("list", N_("list the models"), list_models, add_no_arguments),
    ModelCommand(
        "add",
        N_("put a GGUF file on the list; it is used where it lies"),
        add_model,
        _add_add_arguments,
    ),
    ModelCommand("info", N_("say all about a model"), show_model_info),
    ModelCommand("retry", N_("use a model again that was put aside after it crashed"), retry_model),
)
