"""The repository's own files, as the house rules look at them."""

import ast
import functools
import gc
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Source:
    """One Python file: its path from the root, its text and its syntax tree."""

    name: str
    text: str
    tree: ast.Module

    def place(self, node: ast.AST) -> str:
        """Return "file:line" of a node, for messages."""
        return f"{self.name}:{getattr(node, 'lineno', 0)}"


@functools.cache
def own_files() -> tuple[str, ...]:
    """Return every file git keeps or would keep, from the root, with "/"."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listing = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    names = sorted(name for name in listing.stdout.split("\0") if name)
    return tuple(name for name in names if (ROOT / name).is_file())


@functools.cache
def python_sources(*folders: str) -> tuple[Source, ...]:
    """Return the Python files below `folders` (none given: all)."""
    return tuple(_parsed(folders))


def _parsed(folders: tuple[str, ...]) -> Iterator[Source]:
    for name in own_files():
        if name.endswith(".py") and (not folders or name.split("/")[0] in folders):
            yield _source(name)


@functools.cache
def _source(name: str) -> Source:
    text = (ROOT / name).read_text(encoding="utf-8")
    gc.disable()  # a million nodes that stay are looked through again and again
    try:
        return Source(name, text, ast.parse(text, name))
    finally:
        gc.enable()


def called_name(call: ast.Call) -> str:
    """Return the last part of what is called: "setText" for `self.label.setText(…)`."""
    if isinstance(call.func, ast.Attribute):
        return call.func.attr
    return call.func.id if isinstance(call.func, ast.Name) else ""


def calls(source: Source) -> Iterator[ast.Call]:
    """Return every call in a file."""
    return (node for node in ast.walk(source.tree) if isinstance(node, ast.Call))
