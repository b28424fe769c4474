"""Entry point of the `inglenook` command: opens the window, or calls the command line."""

# ruff: noqa: E402 - Ctrl+C is seen to before the first module that takes time
from core.base.interrupts import INTERRUPTED, end_at_interrupt, raise_interrupts

end_at_interrupt()

import gc
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from core.base.i18n import LANGUAGE_VARIABLE, _, use_language
from core.base.paths import Paths, default_root
from core.ipc import network_lock
from core.sandbox.memory_dumps import forbid_memory_dumps

raise_interrupts()

if TYPE_CHECKING:  # the window is shown before it is loaded
    from core.app.app import App
    from core.engine.client.early_engine import EarlyEngine

MODEL_SUFFIX = ".gguf"
SELFTEST = "--selftest"
BENCH = ["bench", "ui"]
ASK, SEARCH, COMPLETION = "ask", "search", "completion"
VERSION = "--version"
NAME_KINDS = frozenset({"folders", "models", "chats"})
"""What a shell asks for the names of."""


def main(argv: list[str] | None = None) -> int:
    """Run with `argv`, the words after the program's name; returns the exit code."""
    if argv is None:  # the process is this program's own
        end_at_interrupt()
    try:
        return _run(sys.argv[1:] if argv is None else argv)
    except KeyboardInterrupt:  # before anything has begun that could be stopped in order
        return _say_error("cancelled", INTERRUPTED)


def _run(arguments: list[str]) -> int:
    network_lock.lock_network()
    forbid_memory_dumps()
    use_language()
    root, rest = _split_root(arguments)
    if root == "":
        sys.stderr.write(_("“--root” needs a folder behind it.") + "\n")
        return 2
    if not wants_window(arguments):
        code = _run_light(root, rest, arguments)
        if code is not None:
            return code
    import logging  # noqa: PLC0415 - not where another process works

    logging.lastResort = (
        logging.NullHandler()
    )  # what is noted before there is a log is said in words later
    use_language(_language(root))
    if rest == [SELFTEST]:
        from desktop.process.window_selftest import run_window_selftest  # noqa: PLC0415 - nothing else needs it

        raise_interrupts()
        return run_window_selftest(root)
    if rest[:2] == BENCH:
        from desktop.bench.bench_ui_command import bench_ui  # noqa: PLC0415 - nothing else needs it

        raise_interrupts()
        return bench_ui(rest)
    if not wants_window(arguments):
        return _run_command(root, rest, arguments)
    return _open_window(_paths(root), [str(Path(word).absolute()) for word in rest])


def _run_light(root: str | None, rest: list[str], arguments: list[str]) -> int | None:
    """Run a command without loading the application; None where that is needed.

    Names are completed here, as a person waits for them, and else by who holds the data folder.
    """
    import core.base.imports.early_msgspec  # noqa: F401, PLC0415 - before anything that imports msgspec

    if rest == [VERSION]:
        return _print_version()
    if rest[:1] == [COMPLETION] and len(rest) == 2 and rest[1] in NAME_KINDS:
        from core.cli.completion_names import print_names  # noqa: PLC0415 - nothing else needs it

        return print_names(rest[1], _paths(root))
    return _run_by_holder(arguments)


def _print_version() -> int:
    from core.base.errors import StorageError  # noqa: PLC0415 - the window needs none of it
    from core.cli.program_version import print_version  # noqa: PLC0415 - as above

    try:
        return print_version()
    except StorageError as error:
        from core.cli.main import tell_refused_output  # noqa: PLC0415 - as above

        return tell_refused_output(error)


def _paths(root: str | None) -> Paths:
    return Paths(Path(root).expanduser().absolute() if root else default_root())


def _run_command(root: str | None, rest: list[str], arguments: list[str]) -> int:
    code = _search_alone(rest, arguments)
    if code is not None:
        return code
    gc.disable()  # nearly all that an import makes stays, and looking through it takes a seventh
    engine = _start_engine(root, rest)
    from core.cli.main import main as run_command  # noqa: PLC0415 - the window needs none of it

    gc.freeze()
    gc.enable()
    return run_command(arguments) if engine is None else run_command(arguments, engine=engine)


def _search_alone(rest: list[str], arguments: list[str]) -> int | None:
    """Run a search without loading the whole application; None for everything else."""
    if _typed_words(rest)[:1] != [SEARCH]:
        return None
    gc.disable()  # as in `_run_command`
    from core.cli.library.lone_search import search_alone  # noqa: PLC0415 - the window needs none of it

    gc.freeze()
    gc.enable()
    return search_alone(arguments)


def _typed_words(rest: list[str]) -> list[str]:
    return [word for word in rest if not word.startswith("-")]


def _start_engine(root: str | None, rest: list[str]) -> "EarlyEngine | None":
    """Start the engine of a question, which has loaded its libraries when the application has."""
    elsewhere = any(word.partition("=")[0] in {"-m", "--model", "--root"} for word in rest)
    if _typed_words(rest)[:1] != [ASK] or elsewhere:
        return None
    from core.app.encryption.early_settings import early_settings  # noqa: PLC0415 - not for the window
    from core.app.root_lock import is_root_held  # noqa: PLC0415 - as above
    from core.base.settings.app_settings import AUTO, CHILD_SEAL, MODEL  # noqa: PLC0415 - as above
    from core.channel.remote_command import runs_alone  # noqa: PLC0415 - as above
    from core.engine.client.early_engine import start_early_engine  # noqa: PLC0415 - as above
    from core.sandbox.seal_level import ask_for_level  # noqa: PLC0415 - as above

    paths = _paths(root)
    if is_root_held(paths) or runs_alone(rest):
        return None
    settings = early_settings(paths)
    ask_for_level(settings.get_value(CHILD_SEAL))
    chosen = str(settings.get_value(MODEL))
    return start_early_engine(paths, "" if chosen == AUTO else chosen)


def _run_by_holder(arguments: list[str]) -> int | None:
    """Have the process run a command that holds the data folder; None if there is none."""
    from core.channel.remote_command import HolderGone, OutputRefused, run_by_holder  # noqa: PLC0415 - the window needs none of it

    try:
        return run_by_holder(arguments)
    except HolderGone:
        return _say_error("holder_gone")
    except OutputRefused as refused:
        from core.cli.console import output_error  # noqa: PLC0415 - as above
        from core.cli.main import tell_refused_output  # noqa: PLC0415 - as above

        return tell_refused_output(output_error(refused.error))


def _say_error(code: str, exit_code: int = 1) -> int:
    from core.base.errors import describe_error  # noqa: PLC0415 - not where another process works

    sys.stderr.write("\n".join(describe_error(code, {})) + "\n")
    return exit_code


def _open_window(paths: Paths, arguments: list[str]) -> int:
    gc.disable()  # nearly all that a start makes stays; `Collector` takes over after it
    from desktop.process.qt_import_hook import remove_import_hook  # noqa: PLC0415 - the command line needs no Qt

    remove_import_hook()
    from desktop.process.application_start import run_application  # noqa: PLC0415 - as above

    return run_application(_make_app, paths, arguments)


def _make_app(paths: Paths, wake: Callable[[], None]) -> "App":
    from core.app.app import App  # noqa: PLC0415 - the window is shown before

    return App(paths, wake)


def _language(root: str | None) -> str | None:
    """Return the language that is set, unless the environment names one; None if nothing does."""
    if os.environ.get(LANGUAGE_VARIABLE):
        return None
    from core.app.encryption.early_settings import early_settings  # noqa: PLC0415 - as above
    from core.base.settings.window_settings import LANGUAGE  # noqa: PLC0415 - as above

    paths = _paths(root)
    return early_settings(paths).get_value(LANGUAGE) or None


def wants_window(arguments: list[str]) -> bool:
    """Distinguish a start of the window, perhaps with paths to open, from a command."""
    root, rest = _split_root(arguments)
    own = rest == [SELFTEST] or rest[:2] == BENCH
    return root != "" and (own or all(_is_path(word) for word in rest))


def _split_root(arguments: list[str]) -> tuple[str | None, list[str]]:
    """Return what leading “--root DIR” names ("" if nothing follows), and the words behind."""
    root: str | None = None
    rest = list(arguments)
    while rest and rest[0].partition("=")[0] == "--root":
        _flag, sign, root = rest.pop(0).partition("=")
        if not sign:
            root = rest.pop(0) if rest else ""
        if not root:
            return "", rest
    return root, rest


def _is_path(word: str) -> bool:
    """Distinguish a dropped or double-clicked path from a command's name."""
    path = Path(word)
    named_as_path = path.is_absolute() or len(path.parts) > 1 or word.endswith(MODEL_SUFFIX)
    return named_as_path and path.exists()


if __name__ == "__main__":
    sys.exit(main())
