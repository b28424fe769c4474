"""Model command type: one row of the command table, and arguments that commands share."""

import argparse
from collections.abc import Callable
from typing import NamedTuple

from core.base.i18n import _
from core.cli.argument_types import non_empty_text
from core.cli.session import CommandFunction


def add_model_argument(parser: argparse.ArgumentParser) -> None:
    """Add the name of a model as `ref`."""
    parser.add_argument(
        "ref", type=non_empty_text, metavar=_("REF"), help=_("a name, part of one, or a GGUF file")
    )


def add_no_arguments(_parser: argparse.ArgumentParser) -> None:
    """Add nothing, for a command without arguments."""


def add_try_anyway_argument(parser: argparse.ArgumentParser) -> None:
    """Add `--try-anyway`, for architectures that this version doesn't know."""
    about = _("load the file even if its kind of model is not known to this version")
    parser.add_argument("--try-anyway", action="store_true", help=about)


class ModelCommand(NamedTuple):
    """`inglenook model NAME`: `about` is marked by N_, `add` declares its arguments, `run` runs it.

    A name of two words, as "server add", makes a group.
    """

    name: str
    about: str
    run: CommandFunction
    add: Callable[[argparse.ArgumentParser], None] = add_model_argument
