"""Argument parser of the whole command line."""

import argparse
from collections.abc import Callable, Sequence
from functools import partial
from typing import TypeAlias

from core.app.models.adapter_service import parse_adapter
from core.base.i18n import _
from core.cli.argument_types import JoinedWords, non_empty_text, question_text, whole_number
from core.cli.chats.chat_arguments import add_chat_commands
from core.cli.command_parser import CommandParser
from core.cli.common_arguments import (
    Commands,
    add_command,
    add_common_arguments,
    add_folder_argument,
    add_group_of_commands,
)
from core.cli.consent_prompt import add_yes_argument
from core.cli.console import PROGRAM
from core.cli.evaluation.evaluation_arguments import (
    add_answer_arguments,
    add_comparison_arguments,
    add_folder_test_arguments,
    add_rating_arguments,
)
from core.cli.library.folder_arguments import add_folder_commands
from core.cli.library.search_arguments import (
    add_evaluation_arguments,
    add_file_arguments,
    add_search_command,
)
from core.cli.maintenance.encryption_command import add_encryption_commands
from core.cli.maintenance.pack_command import add_pack_commands
from core.cli.maintenance.usage_command import add_usage_arguments
from core.cli.mcp.mcp_arguments import add_mcp_arguments
from core.cli.models.model_command import add_try_anyway_argument
from core.cli.models.model_command_table import add_model_commands
from core.cli.program_version import ShowVersion
from core.cli.sampling_arguments import add_sampling_arguments
from core.cli.serving.serve_arguments import add_serve_arguments
from core.cli.shell_pages import SHELLS, ShellChoices
from core.cli.tools.tool_arguments import add_tool_commands
from core.messages import Adapter

AddActions: TypeAlias = Callable[
    [Commands, Callable[[Commands, str, str], argparse.ArgumentParser]], None
]
"""Adds the actions of a group; the second argument adds a parser with the common options."""


def build_parser(
    add_bench_actions: AddActions | None = None, typed: Sequence[str] = ()
) -> argparse.ArgumentParser:
    """Return the parser of the whole command line, its help in the current language.

    `bench` has actions only with `add_bench_actions`: the benchmarks are not always loaded. Where
    the words of `typed` begin with a command, the parser knows that one alone: adding all of them
    takes longer than most commands.
    """
    parser: argparse.ArgumentParser = CommandParser(
        prog=PROGRAM,
        description=_("A private assistant on your own computer. Without a command, its window."),
        allow_abbrev=False,
    )
    parser.add_argument("--version", action=ShowVersion, nargs=0, help=_("show the version"))
    add_common_arguments(parser, root=None, as_json=False)
    commands = parser.add_subparsers(dest="command", required=True, metavar=_("COMMAND"))
    everything = _adders(add_bench_actions)
    wanted = typed_command(typed)
    known = [(names, add) for names, add in everything if wanted in names]
    for _names, add in known or everything:
        add(commands)
    return parser


def refuse_unknown_options(parser: argparse.ArgumentParser, typed: Sequence[str]) -> None:
    """Leave with what is wrong where an unknown option stands before the command.

    Else argparse would say that the command is missing, and not a word of the option.
    """
    first = typed_command(typed)
    known = (word for action in parser._actions for word in action.option_strings)  # noqa: SLF001 - it has no other list
    if first.startswith("-") and first != "--" and first not in known:
        parser.error(_("unrecognized arguments: {words}").format(words=first))


def _adders(
    add_bench_actions: AddActions | None,
) -> Sequence[tuple[Sequence[str], Callable[[Commands], None]]]:
    """Return what adds commands, in the order of the help, with the names of each.

    Pages for a shell are made of all commands, and so have no names here.
    """
    return (
        (("ask",), _add_ask),
        (("folder",), _add_folder),
        (("search",), add_search_command),
        (("eval",), _add_eval),
        (("model",), _add_model),
        (("devices", "pack"), _add_devices),
        (("chat",), _add_chat),
        (("settings", "tools"), _add_settings),
        (("bench",), partial(_add_bench, add_actions=add_bench_actions)),
        (("serve",), _add_serve),
        (("mcp",), _add_mcp),
        (("encryption",), _add_encryption),
        (("usage",), _add_usage),
        (("update",), _add_update),
        ((), _add_shell_pages),
        (("selftest",), _add_selftest),
    )


def typed_command(typed: Sequence[str]) -> str:
    """Return the first word but for “--root” and “--json”; “--help”, too, is such a word."""
    words = iter(typed)
    for word in words:
        if word == "--root":
            next(words, "")
        elif word != "--json" and not word.startswith("--root="):
            return word
    return ""


def _add_bench(commands: Commands, add_actions: AddActions | None) -> None:
    bench = add_group_of_commands(
        commands, "bench", _("measure how fast and how well it works here")
    )
    if add_actions:
        add_actions(bench, add_command)


def _add_serve(commands: Commands) -> None:
    add_serve_arguments(
        add_command(commands, "serve", _("answer other programs of this computer")),
        add_common_arguments,
    )


def _add_mcp(commands: Commands) -> None:
    add_mcp_arguments(
        add_command(commands, "mcp", _("lend folders to a program that starts this (MCP)")),
        add_common_arguments,
    )


def _add_usage(commands: Commands) -> None:
    add_usage_arguments(add_command(commands, "usage", _("tokens read and written, counted")))


def _add_selftest(commands: Commands) -> None:
    add_command(commands, "selftest", _("try every part of this program once, in a scratch folder"))


def _add_shell_pages(commands: Commands) -> None:
    shell = add_command(commands, "completion", _("what a shell needs to complete commands"))
    shell.add_argument(
        "shell",
        choices=ShellChoices(SHELLS),
        metavar=f"{{{','.join(SHELLS)}}}",
        help=_("the shell that is to read it"),
    )
    add_command(commands, "man", _("the manual page, for “man -l -”"))


def _add_limits(ask: argparse.ArgumentParser) -> None:
    """Add what an answer leaves out."""
    ask.add_argument(
        "--when-full",
        choices=("summarise", "ask", "leave-out"),
        default="",
        help=_("what becomes of early messages that no longer fit"),
    )
    ask.add_argument(
        "--only-proven",
        action="store_true",
        help=_("leave out what your documents don't prove, after two tries to rewrite it"),
    )
    ask.add_argument(
        "--may-repeat",
        action="store_true",
        help=_("let an answer go on that repeats itself"),
    )


def _add_question(ask: argparse.ArgumentParser) -> None:
    ask.add_argument(
        "question",
        nargs="+",
        action=JoinedWords,
        type=question_text,
        metavar=_("QUESTION"),
        help=_(
            "what to ask; “-” reads it from standard input, else what is piped in is its context"
        ),
    )


def _add_ask(commands: Commands) -> None:
    ask = add_command(commands, "ask", _("ask a model, with or without your folders"))
    _add_question(ask)
    add_folder_argument(ask, _("answer from this folder; can be given several times"))
    add_file_arguments(ask)
    ask.add_argument(
        "--model",
        type=non_empty_text,
        metavar=_("REF"),
        help=_("a name, part of one, or a GGUF file"),
    )
    add_try_anyway_argument(ask)
    ask.add_argument(
        "--documents",
        choices=("auto", "search", "nearest", "whole", "none"),
        default="auto",
        help=_(
            "search in any case, answer from the nearest passages, go through whole documents, or"
            " leave the folders alone"
        ),
    )
    _add_limits(ask)
    _add_tools(ask)
    _add_chats(ask)
    _add_repetition(ask)
    _add_adapters(ask)
    add_sampling_arguments(ask)
    ask.add_argument(
        "--max-tokens",
        type=whole_number(1),
        default=0,
        metavar="N",
        help=_("end the answer after so many tokens"),
    )
    ask.add_argument(
        "--threads", type=whole_number(1, 1024), default=0, metavar="N", help=_("processor threads")
    )


def _add_tools(ask: argparse.ArgumentParser) -> None:
    ask.add_argument(
        "--tools",
        action="store_true",
        help=_("let the model call tools; each call is shown and asked for"),
    )
    ask.add_argument(
        "--allow-tool",
        action="append",
        default=[],
        dest="allowed_tools",
        metavar=_("NAME"),
        help=_("let it call this tool without asking, “all” any; can be given several times"),
    )


def _add_repetition(ask: argparse.ArgumentParser) -> None:
    ask.add_argument(
        "--samples",
        type=whole_number(1, 8),
        default=0,
        metavar="N",
        help=_("answer so many times at once, each time otherwise"),
    )
    ask.add_argument(
        "--agree",
        action="store_true",
        help=_("compare the samples (5 unless said otherwise) and print the common answer"),
    )
    ask.add_argument(
        "--verify",
        action="store_true",
        help=_("check each doubtful sentence by a question of its own, at most 5"),
    )
    ask.add_argument(
        "--fresh", action="store_true", help=_("answer anew, also what was answered before")
    )


def _add_chats(ask: argparse.ArgumentParser) -> None:
    which = ask.add_mutually_exclusive_group()
    which.add_argument(
        "--chat",
        type=non_empty_text,
        metavar=_("ID"),
        help=_("go on with this chat (first letters do)"),
    )
    which.add_argument(
        "--temporary", action="store_true", help=_("keep nothing of this chat on disk")
    )


def _add_adapters(ask: argparse.ArgumentParser) -> None:
    which = ask.add_mutually_exclusive_group()
    which.add_argument(
        "--adapter",
        action="append",
        default=[],
        dest="adapters",
        type=_adapter,
        metavar=_("PATH[=SCALE]"),
        help=_("answer through this LoRA adapter, from now on in this chat; several add up"),
    )
    which.add_argument(
        "--no-adapters", action="store_true", help=_("answer without the adapters of this chat")
    )


def _add_folder(commands: Commands) -> None:
    add_folder_commands(
        add_group_of_commands(commands, "folder", _("the folders of documents")), add_command
    )


def _add_eval(commands: Commands) -> None:
    actions = add_group_of_commands(commands, "eval", _("how well Inglenook does its work"))
    add_evaluation_arguments(
        add_command(actions, "retrieval", _("how well search finds, on a set of questions"))
    )
    answers = add_command(actions, "answers", _("how good the answers are, on a set of questions"))
    add_folder_argument(answers, _("answer from this folder; can be given several times"))
    add_answer_arguments(answers)
    add_comparison_arguments(
        add_command(actions, "compare", _("two runs of the same set, question by question"))
    )
    add_rating_arguments(
        add_command(actions, "ratings", _("what you rated, as a set and as results"))
    )
    add_folder_test_arguments(
        add_command(actions, "folder", _("how well a folder is found, by questions made from it"))
    )


def _add_model(commands: Commands) -> None:
    actions = add_group_of_commands(commands, "model", _("the model files"))

    def add_group(name: str) -> Callable[[str, str], argparse.ArgumentParser]:
        about = _("more about “{name}”").format(name=name)
        return partial(add_command, add_group_of_commands(actions, name, about, dest="subaction"))

    add_model_commands(partial(add_command, actions), add_group)


def _add_devices(commands: Commands) -> None:
    devices = add_command(
        commands, "devices", _("list the processors and graphics cards models can run on")
    )
    devices.add_argument(
        "--retry", action="store_true", help=_("use graphics cards again that a model crashed on")
    )
    add_pack_commands(
        partial(
            add_command,
            add_group_of_commands(commands, "pack", _("backends for graphics cards, from a file")),
        )
    )


def _add_chat(commands: Commands) -> None:
    add_chat_commands(partial(add_command, add_group_of_commands(commands, "chat", _("the chats"))))


def _add_settings(commands: Commands) -> None:
    settings = add_command(commands, "settings", _("what can be set, and setting it"))
    settings.add_argument(
        "key", nargs="?", type=non_empty_text, metavar=_("KEY"), help=_("its name")
    )
    settings.add_argument("value", nargs="?", metavar=_("VALUE"), help=_("what it becomes"))
    settings.add_argument(
        "--reset", type=non_empty_text, metavar=_("KEY"), help=_("give a setting its default again")
    )
    add_yes_argument(settings)
    tools = add_group_of_commands(
        commands, "tools", _("what models may call, and servers of your own")
    )
    add_tool_commands(partial(add_command, tools))


def _add_encryption(commands: Commands) -> None:
    actions = add_group_of_commands(commands, "encryption", _("your data, encrypted or plain"))
    add_encryption_commands(partial(add_command, actions))


def _add_update(commands: Commands) -> None:
    actions = add_group_of_commands(commands, "update", _("newer versions of Inglenook"))
    check = add_command(actions, "check", _("ask once whether there is a newer version"))
    add_yes_argument(check)


def _adapter(value: str) -> Adapter:
    try:
        return parse_adapter(non_empty_text(value))
    except ValueError as error:
        message = _("its scale must lie between -10 and 10")
        raise argparse.ArgumentTypeError(message) from error
