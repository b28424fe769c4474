"""Files, functions and classes stay short, and each file says first what it holds."""

import ast
import re
from collections.abc import Iterator

from tests.house.sources import Source, python_sources

FILE_LINES = 400
FUNCTION_LINES = 40
CLASS_METHODS = 20
CONSTRUCTOR_ARGUMENTS = 7


def too_long(source: Source) -> Iterator[str]:
    if (lines := len(source.text.splitlines())) > FILE_LINES:
        yield f"{source.name} has {lines} lines"
    for node in ast.walk(source.tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            if length > FUNCTION_LINES:
                yield f"{source.place(node)} {node.name} has {length} lines"
        elif isinstance(node, ast.ClassDef):
            methods = [part for part in node.body if isinstance(part, ast.FunctionDef)]
            if len(methods) > CLASS_METHODS:
                yield f"{source.place(node)} {node.name} has {len(methods)} methods"
            yield from crowded_constructor(source, node, methods)


def crowded_constructor(
    source: Source, owner: ast.ClassDef, methods: list[ast.FunctionDef]
) -> Iterator[str]:
    """Say of the product's constructors which of them take too much."""
    if not source.name.startswith(("core/", "desktop/")):
        return
    for method in methods:
        count = len(method.args.args) - 1 + len(method.args.kwonlyargs)
        if method.name == "__init__" and count > CONSTRUCTOR_ARGUMENTS:
            yield f"{source.place(method)} {owner.name} is made of {count} arguments"


def badly_opened(source: Source) -> Iterator[str]:
    docstring = ast.get_docstring(source.tree)
    if not docstring:
        if source.text.strip():
            yield f"{source.name} does not say what it holds"
        return
    opening = docstring.split("\n\n")[0].replace("\n", " ")
    if not re.search(r"[.?!]$", opening) or re.search(r"[.?!] [A-Z]", opening):
        yield f"{source.name} does not open with one sentence"


def test_nothing_is_too_long() -> None:
    found = [line for source in python_sources() for line in too_long(source)]
    assert not found, "split it:\n" + "\n".join(found)


def test_each_file_opens_with_one_sentence() -> None:
    found = [line for source in python_sources() for line in badly_opened(source)]
    assert not found, "\n".join(found)
