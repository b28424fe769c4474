"""Entry point of the command line: parses arguments, opens the app, runs one command."""

import argparse
import contextlib
import importlib
import itertools
import logging
import os
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence

from core.app.app import App
from core.app.clients import open_clients
from core.app.problems import problem_of
from core.app.root_lock import is_root_held
from core.base.errors import ErrorCode, InglenookError, StorageError
from core.base.i18n import LANGUAGE_VARIABLE, translating_into_first_of
from core.base.interrupts import raise_interrupts
from core.base.paths import Paths, default_root
from core.base.settings.window_settings import LANGUAGE
from core.channel.channel_address import read_address
from core.channel.remote_command import (
    PROTOCOL,
    HolderGone,
    OutputRefused,
    run_by_holder,
    runs_alone,
)
from core.channel.standard_output import discard_output
from core.channel.terminal_connection import TerminalConnection
from core.channel.terminal_messages import RunCommand
from core.cli.argument_parser import build_parser, refuse_unknown_options, typed_command
from core.cli.chats import ask_command, chat_command
from core.cli.command_parser import UsageError
from core.cli.command_run import run_command
from core.cli.common_arguments import AS_JSON, SECOND_NAMES
from core.cli.console import Console, OutputClosed, output_error
from core.cli.library import folder_command, search_command
from core.cli.maintenance import (
    encryption_command,
    pack_command,
    selftest_command,
    settings_command,
    usage_command,
)
from core.cli.models.model_command_table import model_command_functions
from core.cli.other_terminals.channel_terminal import ChannelTerminal
from core.cli.other_terminals.guest_session import GuestSession
from core.cli.session import AppFactory, CommandFunction, OpenSession, Session
from core.cli.shell_pages import NAME_KINDS, completion_script, man_page
from core.cli.terminal import absolute_path, current_terminal, used_terminal
from core.engine.client.early_engine import EarlyEngine

_log = logging.getLogger(__name__)

BENCH = "bench"
SHELL_PAGES = frozenset({"completion", "man"})
_BENCH_COMMANDS = "core.bench.bench_commands"
"""Nothing imports the benchmarks: they are loaded by name when the command is typed."""
LATE_COMMANDS = {
    "eval retrieval": ("core.cli.library.evaluation_command", "evaluate_retrieval"),
    "eval answers": ("core.cli.evaluation.answer_command", "evaluate_answers"),
    "eval compare": ("core.cli.evaluation.comparison_command", "compare_answers"),
    "eval ratings": ("core.cli.evaluation.rating_command", "exchange_ratings"),
    "eval folder": ("core.cli.evaluation.folder_evaluation_command", "evaluate_folder"),
    "folder text": ("core.cli.library.file_text_command", "show_file_text"),
    "folder status": ("core.cli.library.folder_upkeep_command", "show_folder_status"),
    "folder pause": ("core.cli.library.folder_upkeep_command", "pause_folders"),
    "folder resume": ("core.cli.library.folder_upkeep_command", "resume_folders"),
    "folder include": ("core.cli.library.folder_upkeep_command", "include_folder_parts"),
    "folder retry": ("core.cli.library.folder_upkeep_command", "retry_skipped_files"),
    "folder verify": ("core.cli.library.folder_upkeep_command", "verify_library"),
    "folder embedder": ("core.cli.library.folder_upkeep_command", "select_embedder"),
    "folder index": ("core.cli.library.index_command", "show_index"),
    "folder reranker": ("core.cli.library.reranker_command", "select_reranker"),
    "devices": ("core.cli.maintenance.devices_command", "list_devices"),
    "update check": ("core.cli.maintenance.update_command", "check_for_update"),
    "mcp allow": ("core.cli.mcp.allowed_folders_command", "allow_folders"),
    "mcp call": ("core.cli.mcp.mcp_call_command", "answer_call"),
    "serve": ("core.cli.serving.serve_command", "serve_programs"),
    "serve token": ("core.cli.serving.serve_command", "show_token"),
    "tools list": ("core.cli.tools.tool_command", "list_tools"),
    "tools rule": ("core.cli.tools.tool_command", "set_rule"),
    "tools add": ("core.cli.tools.tool_command", "add_server"),
    "tools remove": ("core.cli.tools.tool_command", "remove_server"),
}
"""Modules and functions of commands that are loaded by name when they are typed, too."""


def _late(module: str, function: str) -> CommandFunction:
    def run(session: Session, console: Console, options: argparse.Namespace) -> int:
        return int(getattr(importlib.import_module(module), function)(session, console, options))

    return run


_COMMANDS: dict[str, CommandFunction] = {
    **{name: _late(*place) for name, place in LATE_COMMANDS.items()},
    "ask": ask_command.ask_question,
    "search": search_command.search_folders,
    "folder add": folder_command.add_folder,
    "folder list": folder_command.list_folders,
    "folder sync": folder_command.sync_folders,
    "folder remove": folder_command.remove_folder,
    **model_command_functions(),
    "pack list": pack_command.list_packs,
    "pack add": pack_command.install_pack,
    "pack remove": pack_command.remove_pack,
    "chat list": chat_command.list_chats,
    "chat show": chat_command.show_chat,
    "chat search": chat_command.search_chats,
    "chat export": chat_command.export_chats,
    "chat import": chat_command.import_chats,
    "chat rename": chat_command.rename_chat,
    "chat trash": chat_command.trash_chats,
    "chat restore": chat_command.restore_chats,
    "chat delete": chat_command.delete_chats,
    "settings": settings_command.change_settings,
    "usage": usage_command.show_usage,
    "encryption status": encryption_command.show_encryption,
    "encryption on": encryption_command.switch_on,
    "encryption off": encryption_command.switch_off,
    "encryption passphrase": encryption_command.change_passphrase,
    "encryption code": encryption_command.renew_code,
    "selftest": selftest_command.run_selftest,
}


HOLDER_PATIENCE_SECONDS = 10.0
"""How long a holder that has only just started is given to listen for commands."""


def main(
    argv: Sequence[str] | None = None,
    *,
    make_app: AppFactory = App,
    engine: EarlyEngine | None = None,
) -> int:
    """Run the command in `argv` (the arguments after the program's name) and return its exit code.

    0 is success, 2 means the arguments could not be parsed, 1 is everything else. Where another
    process holds the data folder, it runs the command. `engine` was started ahead; it is used if
    its data folder is the one that is opened, and has ended when this returns.
    """
    arguments = sys.argv[1:] if argv is None else argv
    make = make_app if engine is None else _factory_with(engine)

    def open_session(paths: Paths, console: Console) -> Session:
        return Session(paths, make, console.print_problem, run_for_terminal)

    try:
        code = run_by_holder(arguments)
        return run_command_line(arguments, open_session) if code is None else code
    except HolderGone:
        return _tell_holder_gone()
    except OutputRefused as refused:
        return tell_refused_output(output_error(refused.error))
    finally:
        if engine is not None:
            engine.process.stop(0.0)


def _factory_with(engine: EarlyEngine) -> AppFactory:
    """Return what makes an application whose engine child runs already."""

    def make_app(paths: Paths, wake: Callable[[], None]) -> App:
        is_its = engine.paths.root == paths.root
        return App(paths, wake, open_clients(paths, wake, engine if is_its else None))

    return make_app


def run_for_terminal(app: App, request: RunCommand, connection: TerminalConnection) -> int:
    """Run a command of another terminal over an open application; on a thread of its own."""
    terminal = ChannelTerminal(request, connection)
    wanted = terminal.environment.get(LANGUAGE_VARIABLE)
    is_set = not wanted and app.settings.get_value(LANGUAGE)  # what this process speaks, then
    languages = (wanted,) if wanted else request.terminal.languages
    with (
        used_terminal(terminal),
        contextlib.nullcontext() if is_set else translating_into_first_of(languages),
    ):
        return run_command_line(
            [os.fsdecode(word) for word in request.arguments],
            lambda _paths, _con: GuestSession(app, connection),
        )


def run_command_line(arguments: Sequence[str], open_session: OpenSession) -> int:
    """Parse and run one command at the current terminal; returns its exit code."""
    try:
        return _run_typed(arguments, open_session)
    except OutputClosed:
        discard_output(current_terminal().out)
        return 1
    except StorageError as error:  # of help and pages, which no session prints
        return tell_refused_output(error)


def _run_typed(arguments: Sequence[str], open_session: OpenSession) -> int:
    typed = typed_command(arguments)
    with_bench = BENCH in arguments or typed in SHELL_PAGES  # which are made of all commands
    bench = importlib.import_module(_BENCH_COMMANDS) if with_bench else None
    commands = _COMMANDS | (bench.COMMANDS if bench else {})
    try:
        parser = build_parser(bench.add_bench_actions if bench else None, arguments)
        refuse_unknown_options(parser, arguments)
        options = parser.parse_args(arguments)
    except UsageError as wrong:
        return _tell_wrong_usage(wrong, arguments)
    except SystemExit as exit_:  # argparse has printed help
        return exit_.code if isinstance(exit_.code, int) else 1
    terminal = current_terminal()
    console = Console(terminal.out, terminal.err, as_json=options.json)
    name = _command_name(options, commands)
    if name in SHELL_PAGES:
        console.print_text(_shell_page(parser, name, options))
        return 0
    raise_interrupts()
    with _data_folder(name, options) as paths:
        if name == PROTOCOL:
            return _serve_protocol(paths, console)

        def run_here() -> int | None:
            return run_command(commands[name], paths, console, options, open_session)

        code = run_here()
        return _run_beside(arguments, paths, console, run_here) if code is None else code


def _shell_page(parser: argparse.ArgumentParser, name: str, options: argparse.Namespace) -> str:
    if name == "man":
        return man_page(parser)
    if options.shell not in NAME_KINDS:
        return completion_script(parser, options.shell)
    from core.cli.completion_names import completion_lines  # noqa: PLC0415 - for nothing else

    with _data_folder(name, options) as paths:
        return "".join(f"{line}\n" for line in completion_lines(options.shell, paths))


def _command_name(options: argparse.Namespace, commands: Mapping[str, object]) -> str:
    """Return the full name of the command that was typed, whatever short name it has there."""
    typed = [getattr(options, part, "") for part in ("command", "action", "subaction")]
    words = [word for word in typed if word]
    named = (SECOND_NAMES.get(word, (word,)) for word in words)
    found = (" ".join(each) for each in itertools.product(*named))
    return next((name for name in found if name in commands), " ".join(words))


@contextlib.contextmanager
def _data_folder(name: str, options: argparse.Namespace) -> Iterator[Paths]:
    """Yield the data folder that a command works on, for the self-test a temporary one."""
    root = absolute_path(options.root) if options.root else None
    if name == "selftest":
        with selftest_command.scratch_root(root) as scratch:
            yield Paths(scratch)
    else:
        yield Paths(root or default_root())


def _serve_protocol(paths: Paths, console: Console) -> int:
    """Speak the Model Context Protocol; the package for it is loaded for nothing else."""
    try:
        from core.cli.mcp.mcp_server import serve_protocol  # noqa: PLC0415
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] != PROTOCOL:
            raise
        console.print_failure(problem_of(InglenookError(ErrorCode.MCP_MISSING)))
        return 1
    return serve_protocol(paths.root)


def _run_beside(
    arguments: Sequence[str], paths: Paths, console: Console, run_here: Callable[[], int | None]
) -> int:
    """Have the holder of the data folder run a command; it may still be starting, or be closing."""
    deadline = time.monotonic() + HOLDER_PATIENCE_SECONDS
    while not runs_alone(arguments) and time.monotonic() < deadline:
        code = run_by_holder(arguments)
        if code is None and not is_root_held(paths):
            code = run_here()
        if code is not None:
            return code
        time.sleep(0.1)
    holder = read_address(paths)
    pid = str(holder.pid) if holder else "?"
    console.print_failure(
        problem_of(StorageError(ErrorCode.ROOT_HELD, path=str(paths.root), pid=pid))
    )
    return 1


def _tell_wrong_usage(wrong: UsageError, arguments: Sequence[str]) -> int:
    """Print for scripts what was said already, as no options were read."""
    if AS_JSON in itertools.takewhile(lambda word: word != "--", arguments):
        terminal = current_terminal()
        Console(terminal.out, terminal.err, as_json=True).print_error_event(wrong.problem)
    return 2


def tell_refused_output(error: StorageError) -> int:
    """Say that standard output takes nothing; returns the exit code."""
    terminal = current_terminal()
    Console(terminal.out, terminal.err, as_json=False).print_problem(problem_of(error))
    discard_output(terminal.out)
    return 1


def _tell_holder_gone() -> int:
    problem = problem_of(InglenookError(ErrorCode.HOLDER_GONE))
    terminal = current_terminal()
    Console(terminal.out, terminal.err, as_json=False).print_problem(problem)
    return 1
