"""Commands of `inglenook bench`: their arguments, and the functions that run them."""

import argparse
import os
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

from core.base.i18n import _
from core.bench.benchmark_suite import BENCHMARKS
from core.bench.engine_bench_command import bench_engine, refuse_bench_ui
from core.bench.library_bench_command import bench_library
from core.cli.argument_types import whole_number
from core.cli.common_arguments import Commands
from core.cli.output_file import add_force_argument
from core.cli.session import CommandFunction

COMMANDS: dict[str, CommandFunction] = {
    "bench engine": bench_engine,
    "bench library": bench_library,
    "bench ui": refuse_bench_ui,
}
UI_PARTS = ("window", "transcript", "keys", "viewer")
_Command: TypeAlias = Callable[[Commands, str, str], argparse.ArgumentParser]


def add_bench_actions(actions: Commands, command: _Command) -> None:
    """Add each action; `command` adds a parser with the common options."""
    about = _("measure the engine against a bare llama.cpp loop, for some minutes")
    _add_engine(command(actions, "engine", about))
    about = _("measure how fast a folder is read and searched; what is read is thrown away")
    library = command(actions, "library", about)
    library.add_argument("path", metavar=_("DIR"), help=_("a folder of documents"))
    about = _("measure the window: its start, long chats, typing, the pages of documents")
    _add_window(command(actions, "ui", about))


def _add_engine(engine: argparse.ArgumentParser) -> None:
    engine.add_argument("--model", metavar=_("REF"), default="", help=_("the model to measure"))
    engine.add_argument(
        "--try-anyway",
        action="store_true",
        help=_("load the file even if its kind of model is not known to this version"),
    )
    engine.add_argument(
        "--threads", type=whole_number(1, 1024), default=0, metavar="N", help=_("processor threads")
    )
    engine.add_argument(
        "--rounds",
        type=whole_number(1, 100),
        default=5,
        metavar="N",
        help=_("how often each thing is measured (5)"),
    )
    engine.add_argument(
        "--plot", type=_picture, metavar=_("FILE.png"), help=_("draw the results into this file")
    )
    add_force_argument(engine)
    engine.add_argument(
        "--tools",
        type=_folder,
        metavar=_("DIR"),
        help=_("where llama-bench and llama-batched-bench lie, to measure beside them"),
    )
    engine.add_argument(
        "--only",
        nargs="+",
        choices=tuple(BENCHMARKS),
        default=[],
        metavar=_("NAME"),
        help=_("measure these only: {names}").format(names=", ".join(BENCHMARKS)),
    )


def _add_window(window: argparse.ArgumentParser) -> None:
    window.add_argument(
        "--only",
        nargs="+",
        choices=UI_PARTS,
        default=UI_PARTS,
        metavar=_("NAME"),
        help=_("measure these only: {names}").format(names=", ".join(UI_PARTS)),
    )
    window.add_argument(
        "--rounds",
        type=whole_number(1, 100),
        default=5,
        metavar="N",
        help=_("how often the window is started (5)"),
    )
    window.add_argument(
        "--platform",
        action="append",
        dest="platforms",
        default=[],
        metavar=_("NAME"),
        help=_("a platform of Qt, such as offscreen; repeat it for several"),
    )


def _folder(value: str) -> Path:
    path = Path(os.path.abspath(Path(value).expanduser()))  # noqa: PTH100 - resolve follows links
    if not path.is_dir():
        raise argparse.ArgumentTypeError(_("there is no such folder"))
    return path


def _picture(value: str) -> Path:
    path = Path(os.path.abspath(Path(value).expanduser()))  # noqa: PTH100 - resolve follows links
    if path.suffix.lower() != ".png":
        raise argparse.ArgumentTypeError(_("its name must end in .png"))
    if not path.parent.is_dir():
        raise argparse.ArgumentTypeError(_("there is no folder for it"))
    if path.is_dir():
        raise argparse.ArgumentTypeError(_("it is a folder"))
    return path
