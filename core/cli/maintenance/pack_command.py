"""Commands of `inglenook pack`: backends for graphics cards that are too large to ship."""

import argparse
from collections.abc import Callable

from core.base.errors import ErrorCode, InglenookError
from core.base.i18n import _
from core.cli.argument_types import non_empty_text
from core.cli.console import Console
from core.cli.session import Session
from core.cli.terminal import absolute_path
from core.engine.devices.backend_packs import BackendPack
from core.library.filesystem.path_encoding import display_name


def list_packs(session: Session, console: Console, _options: argparse.Namespace) -> int:
    """List the packs that are installed."""
    packs = session.app.devices.packs.installed_packs()
    for pack in packs:
        _print_pack(console, pack)
    if not packs and not console.as_json:
        console.print_note(_("No pack is installed; “inglenook pack add FILE” adds one."))
    return 0


def install_pack(session: Session, console: Console, options: argparse.Namespace) -> int:
    """Install a pack from a file."""
    path = absolute_path(options.path)
    if not path.is_file():
        raise InglenookError(ErrorCode.FILE_MISSING, path=display_name(str(path)))
    _print_pack(console, session.app.devices.install_pack(path, options.sha256))
    return 0


def remove_pack(session: Session, console: Console, options: argparse.Namespace) -> int:
    """Delete a pack."""
    session.app.devices.remove_pack(options.name)
    if console.as_json:
        console.print_json({"event": "done", "name": options.name})
    else:
        console.print_line(_("Removed {name}.").format(name=options.name))
    return 0


def add_pack_commands(add_command: Callable[[str, str], argparse.ArgumentParser]) -> None:
    """Declare the commands."""
    add_command("list", _("list the packs that are installed"))
    add = add_command("add", _("install a pack from a file"))
    add.add_argument(
        "path", type=non_empty_text, metavar=_("FILE"), help=_("the pack, a zip archive")
    )
    add.add_argument(
        "--sha256",
        default="",
        metavar=_("SUM"),
        help=_("its SHA-256, for a pack that was not made together with this program"),
    )
    remove = add_command("remove", _("delete a pack"))
    remove.add_argument("name", type=non_empty_text, metavar=_("NAME"), help=_("its name"))


def _print_pack(console: Console, pack: BackendPack) -> None:
    about = pack.about
    if console.as_json:
        console.print_json({"name": about.name, "ggml": about.ggml, "title": about.title})
    else:
        console.print_line(f"{about.name}  {about.title}  (ggml {about.ggml})")
