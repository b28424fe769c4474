"""Command run: one command over a session, with each way that it can fail put into words."""

import argparse
import logging
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from core.app.events.app_events import Problem
from core.app.problems import problem_of
from core.base.errors import ErrorCode, InglenookError, StorageError
from core.base.i18n import _
from core.base.interrupts import interrupted_code, raise_interrupts
from core.base.paths import Paths
from core.cli.console import Console, OutputClosed
from core.cli.library_session import Interrupted, LibrarySession, RequestRefused

AnySession = TypeVar("AnySession", bound=LibrarySession)
_LEFT = frozenset({ErrorCode.CANCELLED, ErrorCode.PROMPT_LEFT})
"""Problems that are a person's Ctrl+C, or the system's wish that it ends."""
_log = logging.getLogger(__name__)


def run_command(
    command: Callable[[AnySession, Console, argparse.Namespace], int],
    paths: Paths,
    console: Console,
    options: argparse.Namespace,
    open_session: Callable[[Paths, Console], AnySession],
) -> int | None:
    """Run a command; each way it can fail becomes a problem on the console.

    None if another process holds the data folder.
    """
    raise_interrupts()
    interrupted_by = 0
    try:
        _check_root_name(paths.root)
        with open_session(paths, console) as session:
            try:
                code = command(session, console, options)
            finally:
                interrupted_by = session.interrupted_by
            return interrupted_code(interrupted_by) if code and interrupted_by else code
    except OutputClosed:
        raise
    except RequestRefused as error:
        problem = error.problem
    except InglenookError as error:
        if error.code is ErrorCode.ROOT_HELD:
            return None
        problem = problem_of(error)
    except (Interrupted, KeyboardInterrupt):
        problem = problem_of(InglenookError(ErrorCode.CANCELLED))
    except Exception as error:  # noqa: BLE001 - the outermost place: log it and print it
        _log.exception("the command failed")
        problem = problem_of(InglenookError(ErrorCode.INTERNAL, detail=type(error).__name__))
    finally:
        console.clear_status()
    console.print_failure(_add_log_folder(problem, paths))
    return interrupted_code(interrupted_by) if problem.code in _LEFT else 1


def _check_root_name(root: Path) -> None:
    """Raise StorageError for a name that is no text: SQLite opens no file there."""
    shown = str(root).encode(errors="replace").decode()
    if shown != str(root):
        detail = _("its name holds bytes that are no letters")
        raise StorageError(ErrorCode.ROOT_UNWRITABLE, path=shown, detail=detail)


def _add_log_folder(problem: Problem, paths: Paths) -> Problem:
    if problem.code != ErrorCode.INTERNAL:
        return problem
    hint = InglenookError(ErrorCode.INTERNAL, logs=str(paths.logs)).hint
    return Problem(code=problem.code, message=problem.message, hint=hint)
