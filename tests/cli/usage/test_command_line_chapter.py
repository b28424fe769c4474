"""Manual's chapter on the command line: it names every command, option, event and field."""

import argparse
import ast
import re
from collections.abc import Iterator

import pytest

from core.base.paths import resources_folder
from core.bench.bench_commands import add_bench_actions
from core.cli.argument_parser import build_parser
from tests.house.sources import called_name, calls, python_sources

TEXT = (resources_folder() / "help" / "en" / "08-command-line.md").read_text("utf-8")
COMMANDS, EVENTS, FIELDS = (
    re.sub(r"^ *# .*\n", "", block, flags=re.MULTILINE)
    for block in re.findall(r"^```$\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)
)
COMMON = {"--help", "--root", "--json", "--version"}


def options(parser: argparse.ArgumentParser) -> set[str]:
    """Return the long names of a parser's options; a short one where there is no other."""
    return {max(each.option_strings, key=len) for each in parser._actions if each.option_strings}


def commands(
    parser: argparse.ArgumentParser, words: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], argparse.ArgumentParser]]:
    """Yield each command with its parser, under the first of its names."""
    if words:
        yield words, parser
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            known = dict.fromkeys(action.choices.values())
            for each in known:
                name = next(name for name, other in action.choices.items() if other is each)
                yield from commands(each, (*words, name))


PARSERS = dict(commands(build_parser(add_bench_actions)))
LINES = re.sub(r"\n +", " ", COMMANDS).splitlines()


def lines_on(words: tuple[str, ...]) -> str:
    """Return what the chapter writes about a command."""
    return "\n".join(line for line in LINES if line.startswith(" ".join(("inglenook", *words[:1]))))


@pytest.mark.parametrize("words", PARSERS, ids=" ".join)
def test_a_command_is_named_with_its_options(words: tuple[str, ...]) -> None:
    written = lines_on(words)
    for word in words:
        assert re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", written), word
    shared = options(PARSERS[("ask",)]) if words == ("eval", "answers") else set()
    named = set(re.findall(r"(?<![\w-])--?[a-z][a-z0-9-]*", written))
    assert options(PARSERS[words]) - COMMON - shared <= named


def test_no_option_is_named_that_is_unknown() -> None:
    known = COMMON.union(*(options(parser) for parser in PARSERS.values()))
    named = set(re.findall(r"(?<![\w-])--[a-z][a-z0-9-]*", TEXT))
    assert named <= known


def printed_events() -> Iterator[str]:
    """Yield the events that commands print, from their sources."""
    for source in python_sources("core"):
        if not source.name.startswith("core/cli/"):
            continue
        for node in ast.walk(source.tree):
            if isinstance(node, ast.Dict):
                for key, value in zip(node.keys, node.values, strict=True):
                    if isinstance(key, ast.Constant) and key.value == "event":
                        yield from constants(value)
        for call in calls(source):
            if called_name(call) == "_print_fields":
                yield from constants(call.args[0])
            elif called_name(call) == "_print_chat":
                yield from constants(call.args[1])
            yield from (
                name
                for keyword in call.keywords
                if keyword.arg == "event" and called_name(call) == "_apply_to_chats"
                for name in constants(keyword.value)
            )


def constants(node: ast.expr) -> Iterator[str]:
    """Yield the text of a literal."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value


def test_every_event_is_told() -> None:
    events = set(printed_events())
    assert {"start", "token", "done", "error", "fetch", "judged", "imported", "trashed"} <= events
    told = {*re.findall(r'"event":"(\w+)"', EVENTS)}
    for names in re.findall(r"event ([a-z_, ]+):", FIELDS):
        told |= set(names.split(", "))
    assert events <= told


def printed_fields() -> Iterator[tuple[str, str]]:
    """Yield the names of fields in what commands print, with where they stand."""
    for source in python_sources("core"):
        if not source.name.startswith("core/cli/"):
            continue
        for function in ast.walk(source.tree):
            if not isinstance(function, ast.FunctionDef):
                continue
            if not re.search(r"_fields$|^_summary$", function.name):
                continue
            for node in ast.walk(function):
                if isinstance(node, ast.Dict):
                    for key in node.keys:
                        if isinstance(key, ast.Constant) and isinstance(key.value, str):
                            yield key.value, f"{source.name} {function.name}"


def test_every_field_is_told() -> None:
    told = set(re.findall(r"[\w@]+", EVENTS + FIELDS))
    fields = list(printed_fields())
    assert len(fields) > 100
    assert not [(name, place) for name, place in fields if name not in told]
