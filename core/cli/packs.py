"""`inglenook pack …`: backends for graphics cards that are too large to ship."""

import argparse
from collections.abc import Callable
from pathlib import Path

from core.cli.console import Console
from core.cli.model_command import not_empty
from core.cli.session import Session
from core.engine.packs import Pack
from core.words import _


def show_all(session: Session, console: Console, _options: argparse.Namespace) -> int:
    """List the packs that are installed."""
    packs = session.app.devices.packs()
    for pack in packs:
        _tell(console, pack)
    if not packs and not console.as_json:
        console.note(_("No pack is installed; “inglenook pack add FILE” adds one."))
    return 0


def add(session: Session, console: Console, options: argparse.Namespace) -> int:
    """Install a pack from a file."""
    path = Path(options.path).expanduser().absolute()
    _tell(console, session.app.devices.install_pack(path, options.sha256))
    return 0


def remove(session: Session, console: Console, options: argparse.Namespace) -> int:
    """Delete a pack."""
    session.app.devices.remove_pack(options.name)
    if console.as_json:
        console.json({"event": "done", "name": options.name})
    else:
        console.line(_("Removed {name}.").format(name=options.name))
    return 0


def add_pack_actions(add_command: Callable[[str, str], argparse.ArgumentParser]) -> None:
    """Declare the commands."""
    add_command("list", _("list the packs that are installed"))
    add = add_command("add", _("install a pack from a file"))
    add.add_argument("path", type=not_empty, metavar=_("FILE"), help=_("the pack, a zip archive"))
    add.add_argument(
        "--sha256",
        default="",
        metavar=_("SUM"),
        help=_("its SHA-256, for a pack that was not made together with this program"),
    )
    remove = add_command("remove", _("delete a pack"))
    remove.add_argument("name", type=not_empty, metavar=_("NAME"), help=_("its name"))


def _tell(console: Console, pack: Pack) -> None:
    about = pack.about
    if console.as_json:
        console.json({"name": about.name, "ggml": about.ggml, "title": about.title})
    else:
        console.line(f"{about.name}  {about.title}  (ggml {about.ggml})")
