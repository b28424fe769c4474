"""Commands `inglenook encryption …`: the data folder encrypted or plain, passphrase and code."""

import argparse
from collections.abc import Callable

from core.app.encryption.conversion import ConversionProgress
from core.app.encryption.key_file import EncryptionState
from core.app.encryption.key_wrapping import (
    UnlockMethod,
    check_passphrase,
    new_recovery_code,
)
from core.base.errors import ErrorCode, StorageError
from core.base.formatting import format_bytes
from core.base.i18n import _
from core.cli.console import Console
from core.cli.session import Session
from core.cli.terminal import current_terminal


def add_encryption_commands(add: Callable[[str, str], argparse.ArgumentParser]) -> None:
    """Add the actions of the group."""
    add("status", _("whether your data is encrypted, and what unlocks it"))
    on = add("on", _("encrypt everything that Inglenook keeps; prints a recovery code"))
    on.add_argument(
        "--passphrase",
        action="store_true",
        help=_("ask for a passphrase, which opens the data beside the key store of this computer"),
    )
    add("off", _("write everything plain again"))
    passphrase = add("passphrase", _("change the passphrase; nothing is encrypted anew"))
    passphrase.add_argument(
        "--remove", action="store_true", help=_("leave it to the key store of this computer")
    )
    add("code", _("print a new recovery code; the old one is worth nothing then"))


def show_encryption(session: Session, console: Console, _options: argparse.Namespace) -> int:
    """Print whether the data is encrypted, and what unlocks it."""
    status = session.app.encryption.status
    if console.as_json:
        console.print_json({"state": status.state, "ways": [str(each) for each in status.methods]})
        return 0
    is_on = status.state is EncryptionState.ON
    console.print_line(_("Your data is encrypted.") if is_on else _("Your data is not encrypted."))
    if is_on:
        ways = ", ".join(_method_name(each) for each in status.methods)
        console.print_line(_("What unlocks it: {ways}.").format(ways=ways))
    return 0


def switch_on(session: Session, console: Console, options: argparse.Namespace) -> int:
    """Encrypt everything; the files are converted when the session closes them."""
    _refuse_guest(session)
    passphrase = _new_passphrase(console) if options.passphrase else ""
    code = new_recovery_code()
    encryption = session.app.encryption
    encryption.switch_on(passphrase, code)
    encryption.on_progress = _progress_shown(console, _("Everything is encrypted now."))
    try:
        _print_code(console, code)
    except BaseException:  # a code that nobody saw opens nothing
        encryption.cancel_switch()
        raise
    return 0


def switch_off(session: Session, console: Console, _options: argparse.Namespace) -> int:
    """Write everything plain again, once the session has closed it."""
    _refuse_guest(session)
    session.app.encryption.switch_off()
    shown = _progress_shown(console, _("Everything is plain now."))
    session.app.encryption.on_progress = shown
    return 0


def change_passphrase(session: Session, console: Console, options: argparse.Namespace) -> int:
    """Lock the key with another passphrase."""
    passphrase = "" if options.remove else _new_passphrase(console)
    session.app.encryption.change_passphrase(passphrase)
    changed = (
        _("The passphrase was removed.") if options.remove else _("The passphrase is changed.")
    )
    console.print_note(changed)
    return 0


def renew_code(session: Session, console: Console, _options: argparse.Namespace) -> int:
    """Print a new recovery code."""
    code = new_recovery_code()
    session.app.encryption.change_recovery_code(code)
    _print_code(console, code)
    return 0


def _refuse_guest(session: Session) -> None:
    if session.is_guest:
        detail = _("Inglenook is open; close it, or use its page “Privacy”")
        raise StorageError(ErrorCode.ENCRYPTION_REFUSED, detail=detail)


def _new_passphrase(console: Console) -> str:
    """Read a passphrase, twice where somebody types it; from a pipe its first line.

    Raises StorageError for one that is too short, or not there.
    """
    terminal = current_terminal()
    passphrase = terminal.read_secret(_("New passphrase:"))
    while terminal.reads_terminal and terminal.read_secret(_("Once more:")) != passphrase:
        console.print_note(_("These two differ."))
        passphrase = terminal.read_secret(_("New passphrase:"))
    check_passphrase(passphrase)  # an empty one would be taken for the wish to have none
    return passphrase


def _print_code(console: Console, code: str) -> None:
    if console.as_json:
        console.print_json({"recovery_code": code})
        return
    console.print_note(
        _(
            "Write this recovery code down and keep it elsewhere. When the key store forgets the"
            " key, nothing else opens your data, and nobody can help."
        )
    )
    console.print_line(code)


def _progress_shown(console: Console, at_the_end: str) -> Callable[[ConversionProgress], None]:
    def show(progress: ConversionProgress) -> None:
        console.show_progress(progress.done, progress.total, format_bytes(progress.total))
        if progress.done == progress.total:
            console.print_note(at_the_end)

    return show


def _method_name(method: UnlockMethod) -> str:
    return {
        UnlockMethod.KEY_STORE: _("the key store of this computer"),
        UnlockMethod.PASSPHRASE: _("the passphrase"),
        UnlockMethod.RECOVERY_CODE: _("the recovery code"),
    }[method]
