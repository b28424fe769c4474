"""Commands `inglenook model remove`, `forget`, `verify` and `folders`."""

import argparse

from core.app.models.checksum_service import VerifiedChecksum
from core.base.errors import ErrorCode, ModelError
from core.base.formatting import format_bytes
from core.base.i18n import N_, _
from core.cli.argument_types import non_empty_text
from core.cli.console import Console
from core.cli.models.model_command import (
    ModelCommand,
    add_model_argument,
    add_no_arguments,
)
from core.cli.session import Session
from core.models.files.byte_progress import ByteProgress


def remove_model(session: Session, console: Console, options: argparse.Namespace) -> int:
    """Unregister a model; a file of the app's own goes to the trash, others stay."""
    removed = session.app.model_files.remove_model(options.ref)
    if console.as_json:
        fields = {"trashed": removed.trashed, "deleted": removed.deleted}
        console.print_json({"ref": removed.ref, "path": removed.path, **fields})
    elif removed.deleted:
        console.print_line(_("Deleted {ref}.").format(ref=removed.ref))
    elif removed.trashed:
        console.print_line(_("Moved {ref} to the trash.").format(ref=removed.ref))
    else:
        text = _("Took {ref} off the list; its file stays at {path}.")
        console.print_line(text.format(ref=removed.ref, path=removed.path))
    return 0


def forget_model(session: Session, console: Console, options: argparse.Namespace) -> int:
    """Unregister a model, or a folder that is scanned; all files stay."""
    app = session.app
    try:
        app.model_files.remove_model_folder(options.ref)
    except ModelError as error:
        if error.code != ErrorCode.MODELS_FOLDER_UNKNOWN:
            raise
        app.models.unregister_model(options.ref)
    if console.as_json:
        console.print_json({"forgotten": options.ref})
    else:
        console.print_line(
            _("Took {ref} off the list; no file was touched.").format(ref=options.ref)
        )
    return 0


def verify_model(session: Session, console: Console, options: argparse.Namespace) -> int:
    """Read a model's files whole and compare their SHA-256 with what it should be."""
    failed = 0
    for reply in session.app.checksums.verify_checksums(options.ref):
        verified = session.wait_for(reply, lambda progress: _show_progress(console, progress))
        console.clear_status()
        failed |= verified.mismatch is not None
        _show(console, verified)
    return failed


def list_model_folders(session: Session, console: Console, _options: argparse.Namespace) -> int:
    """List the folders that are scanned for models."""
    for folder in session.app.registry.model_folders:
        if console.as_json:
            console.print_json({"path": folder})
        else:
            console.print_line(folder)
    if not session.app.registry.model_folders and not console.as_json:
        console.print_note(_("No folder is looked through; “inglenook model add FOLDER” adds one."))
    return 0


def _show(console: Console, verified: VerifiedChecksum) -> None:
    if console.as_json:
        fields: dict[str, object] = {
            "path": verified.path,
            "sha256": verified.sha256,
            "expected": verified.expected,
            "matches": verified.sha256 == verified.expected if verified.expected else None,
        }
        console.print_json(fields)
        return
    console.print_line(f"{verified.sha256}  {verified.path}")
    if verified.mismatch:
        console.print_problem(verified.mismatch)
    elif verified.expected:
        console.print_note(_("It is what it should be."))
    else:
        console.print_note(
            _("Nobody said what it should be; from now on it is compared with this.")
        )


def _show_progress(console: Console, progress: ByteProgress) -> None:
    share = f"{format_bytes(progress.done)} / {format_bytes(progress.total)}"
    console.show_status(_("Reading: {share}").format(share=share))


def _add_forget_arguments(parser: argparse.ArgumentParser) -> None:
    about = _("a model's or adapter's name, or a folder that is looked through")
    parser.add_argument("ref", type=non_empty_text, metavar=_("REF"), help=about)


COMMANDS = (
    ModelCommand(
        "remove",
        N_("take a model off the list; what the app fetched or made is trashed"),
        remove_model,
        add_model_argument,
    ),
    ModelCommand(
        "forget",
        N_("take a model off the list; its file stays"),
        forget_model,
        _add_forget_arguments,
    ),
    ModelCommand(
        "verify", N_("read a model whole and check its SHA-256"), verify_model, add_model_argument
    ),
    ModelCommand(
        "folders",
        N_("list the folders that are looked through"),
        list_model_folders,
        add_no_arguments,
    ),
)
