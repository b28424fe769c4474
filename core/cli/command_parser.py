"""Command parser: an argument parser that says in one line what is wrong."""

import argparse
import contextlib
import sys
from collections.abc import Sequence
from difflib import get_close_matches
from typing import TYPE_CHECKING, NoReturn

from core.app.events.app_events import Problem
from core.app.problems import problem_of
from core.base.errors import ErrorCode, InglenookError
from core.base.i18n import N_, _
from core.cli.console import PROGRAM, write_out
from core.cli.terminal import current_terminal

if TYPE_CHECKING:
    from _typeshed import SupportsWrite


ARGPARSE_SENTENCES = (
    N_("usage: "),
    N_("positional arguments"),
    N_("options"),
    N_("show this help message and exit"),
    N_("the following arguments are required: %s"),
    N_("one of the arguments %s is required"),
    N_("argument %(argument_name)s: %(message)s"),
    N_("not allowed with argument %s"),
    N_("ignored explicit argument %r"),
    N_("expected one argument"),
    N_("expected at least one argument"),
    N_("unrecognized arguments: %s"),
    N_("invalid choice: %(value)r (choose from %(choices)s)"),
)
"""What argparse itself says in help and of wrong usage, in its own words."""

# Else it would look for a language of the process, and not of the terminal that asked.
argparse._ = _  # type: ignore[attr-defined]


class UsageError(SystemExit):
    """Arguments that can't be parsed; it was said on standard error."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(2)
        self.problem = problem


class CommandParser(argparse.ArgumentParser):
    """Says in one line what is wrong, at the terminal where the command was typed."""

    def error(self, message: str) -> NoReturn:
        """Print what is wrong and where help is, and leave with 2."""
        problem = problem_of(
            InglenookError(ErrorCode.USAGE_WRONG, detail=message.rstrip("."), command=self.prog)
        )
        self._print_message(f"{PROGRAM}: {problem.message} {problem.hint}\n", sys.stderr)
        raise UsageError(problem)

    def _check_value(self, action: argparse.Action, value: object) -> None:
        """Refuse a value that is no choice; a mistyped command is told what is near it."""
        choices = action.choices
        if not isinstance(choices, dict) or value in choices:
            super()._check_value(action, value)
            return
        near = get_close_matches(str(value), choices, 1)
        message = (
            _("there is no “{word}”, perhaps you mean “{near}”")
            if near
            else _("there is no “{word}”; what there is: {names}")
        )
        names = ", ".join(choices)
        detail = message.format(word=value, near="".join(near), names=names)
        raise argparse.ArgumentError(None, detail)

    def parse_known_args(  # type: ignore[override]  # its overloads are for other namespaces
        self, args: Sequence[str] | None = None, namespace: argparse.Namespace | None = None
    ) -> tuple[argparse.Namespace, list[str]]:
        """Parse; what the command doesn't know is said by it, and not by the whole program."""
        options, rest = super().parse_known_args(args, namespace)
        if rest:
            self.error(_("unrecognized arguments: {words}").format(words=" ".join(rest)))
        return options, rest

    def _print_message(self, message: str, file: "SupportsWrite[str] | None" = None) -> None:
        """Print at the current terminal; argparse takes the streams of the process.

        Raises OutputClosed and StorageError for help that can't be printed.
        """
        terminal = current_terminal()
        if file is not sys.stderr:
            write_out(terminal.out, message)
            return
        with contextlib.suppress(OSError):  # nobody reads it
            terminal.err.write(message)
            terminal.err.flush()
