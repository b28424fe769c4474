"""Runs one command: parses the words, opens the application, says how it ended."""

import argparse
import contextlib
import io
import logging
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from core.app.app import App
from core.app.events import Problem
from core.app.problems import problem_of
from core.cli import (
    ask,
    bench,
    bench_library,
    chat_keeping,
    chats,
    devices,
    evaluation,
    folders,
    index,
    keeping,
    packs,
    reranker,
    search,
    selftest,
    settings,
    text,
    update,
)
from core.cli.arguments import build_parser
from core.cli.console import Console, OutputClosed
from core.cli.model_command import Run
from core.cli.model_commands import runs
from core.cli.session import Interrupted, MakeApp, RequestRefused, Session
from core.errors import Code, InglenookError, StorageError
from core.paths import Paths, default_root
from core.words import _

_log = logging.getLogger(__name__)

_COMMANDS: dict[str, Run] = {
    "ask": ask.ask,
    "search": search.search,
    "eval retrieval": evaluation.retrieval,
    "folder add": folders.add,
    "folder list": folders.show_all,
    "folder sync": folders.sync,
    "folder remove": folders.remove,
    "folder status": keeping.status,
    "folder pause": keeping.pause,
    "folder resume": keeping.resume,
    "folder include": keeping.include,
    "folder retry": keeping.retry,
    "folder verify": keeping.verify,
    "folder embedder": keeping.embedder,
    "folder reranker": reranker.reranker,
    "folder index": index.index,
    "folder text": text.show,
    **runs(),
    "devices": devices.devices,
    "pack list": packs.show_all,
    "pack add": packs.add,
    "pack remove": packs.remove,
    "chat list": chats.show_all,
    "chat show": chats.show,
    "chat search": chat_keeping.search,
    "chat export": chat_keeping.export_chats,
    "chat import": chat_keeping.take_in,
    "chat rename": chat_keeping.rename,
    "chat trash": chat_keeping.trash,
    "chat restore": chat_keeping.restore,
    "chat delete": chat_keeping.delete,
    "settings": settings.settings,
    "update check": update.check,
    "selftest": selftest.selftest,
    "bench engine": bench.engine,
    "bench library": bench_library.bench_library,
    "bench ui": bench.window,
}


def main(argv: Sequence[str] | None = None, *, make_app: MakeApp = App) -> int:
    """Run the command in `argv` (words after the program's name) and return its exit code.

    0 is success, 2 means the words could not be parsed, 1 is everything else.
    """
    try:
        options = build_parser().parse_args(argv)
    except SystemExit as exit_:  # argparse has already said why, or printed help
        return exit_.code if isinstance(exit_.code, int) else 1
    # Python has no stream where the shell closed one, as with “>&-”.
    console = Console(
        sys.stdout or io.StringIO(), sys.stderr or io.StringIO(), as_json=options.json
    )
    words = (getattr(options, word, "") for word in ("command", "action", "deed"))
    name = " ".join(filter(None, words))
    try:
        with _paths(name, options) as paths:
            return _run(_COMMANDS[name], paths, console, options, make_app)
    except OutputClosed:
        console.hush()
        return 1


@contextlib.contextmanager
def _paths(name: str, options: argparse.Namespace) -> Iterator[Paths]:
    """Give the data folder a command works on; the self-test touches nobody's."""
    root = Path(options.root).expanduser().absolute() if options.root else None
    if name == "selftest":
        with selftest.scratch_root(root) as scratch:
            yield Paths(scratch)
    else:
        yield Paths(root or default_root())


def _run(
    command: Run, paths: Paths, console: Console, options: argparse.Namespace, make_app: MakeApp
) -> int:
    """Run a command; each way it can fail becomes a problem on the console."""
    try:
        _refuse_odd(paths.root)
        with Session(paths, make_app, console.problem) as session:
            return command(session, console, options)
    except OutputClosed:
        raise
    except RequestRefused as error:
        problem = error.problem
    except InglenookError as error:
        problem = problem_of(error)
    except (Interrupted, KeyboardInterrupt):
        problem = problem_of(InglenookError(Code.CANCELLED))
    except Exception as error:  # noqa: BLE001 - the border of the program: log it and say it
        _log.exception("the command failed")
        problem = problem_of(InglenookError(Code.INTERNAL, detail=type(error).__name__))
    finally:
        console.clear()
    console.failed(_with_logs(problem, paths))
    return 1


def _refuse_odd(root: Path) -> None:
    """SQLite opens no file whose name is no text."""
    shown = str(root).encode(errors="replace").decode()
    if shown != str(root):
        detail = _("its name holds bytes that are no letters")
        raise StorageError(Code.ROOT_UNWRITABLE, path=shown, detail=detail)


def _with_logs(problem: Problem, paths: Paths) -> Problem:
    if problem.code != Code.INTERNAL:
        return problem
    hint = InglenookError(Code.INTERNAL, logs=str(paths.logs)).hint
    return Problem(code=problem.code, message=problem.message, hint=hint)
