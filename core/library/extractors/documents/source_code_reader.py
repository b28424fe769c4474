"""Source code reader: files cut at their definitions, whose names become headings.

By the look of its lines, not by a parser: one rule serves all languages, also broken code, and
nothing in a hostile file can send it into the depths.
"""

import re
from dataclasses import dataclass

from core.library.extractors.documents.page_builder import PageBuilder
from core.library.extractors.documents.plain_text_reader import Pages

_INDENT = re.compile(r"[ \t]*")
_CONTAINER = "class|interface|trait|impl|enum|struct|module|namespace|object|protocol|extension"
_FUNCTION = "def|function|func|fn|fun|sub|proc|macro_rules!"
_MODIFIERS = (
    r"(?:(?:export|default|public|private|protected|internal|static|final|abstract|async|override"
    r"|virtual|inline|constexpr|extern|unsafe|const|sealed|data|open|suspend|partial|pub(?:\([^)]*\))?"
    r'|create|or|replace|local|"C")\s+){0,6}'
)
_DEFINITION = re.compile(
    rf"^[ \t]{{0,40}}{_MODIFIERS}(?P<kind>{_CONTAINER}|{_FUNCTION}|table|view|procedure|type)\*?\s+"
    r"(?:if not exists\s+)?(?:\([^)]{0,80}\)\s*)?(?P<name>[\w$.:<>!?]{1,80})",
    re.IGNORECASE,
)
SOURCE_SUFFIXES = frozenset(
    """
    .py .pyi .pyx .js .jsx .mjs .cjs .ts .tsx .java .kt .kts .scala .groovy .c .h .cc .cpp .cxx
    .hh .hpp .hxx .m .mm .cs .fs .vb .go .rs .rb .php .pl .pm .lua .swift .dart .jl .r .sh .bash
    .zsh .fish .ps1 .bat .sql .ex .exs .erl .hs .ml .clj .lisp .el .zig .nim .v .sv .vhd .asm .s
    .proto .graphql .vue .svelte
    """.split()  # noqa: SIM905 - one word a line is no list to read
)
_C_FUNCTION = re.compile(
    r"^[ \t]{0,8}(?!return|else|if|for|while|switch|case|throw|new|delete|goto|do|assert)"
    r"[A-Za-z_][\w:<>,*&~\[\] \t]{0,80}?[\s*&](?P<name>~?[A-Za-z_][\w:~]{0,80})[ \t]*"
    r"\([^;{}]{0,200}\)?[^;={}()]{0,60}\{?[ \t]*$"
)
_ASSIGNED = re.compile(
    r"^[ \t]{0,8}(?:export\s+)?(?:const|let|var)\s+(?P<name>[\w$]{1,80})\s*=\s*"
    r"(?:async\s+)?(?:function\b|\([^)]{0,200}\)\s*=>|[\w$]{1,40}\s*=>)"
)
_LEADING = re.compile(r"^[ \t]*(?:@|#(?!include|define)|//|/\*|\*|--|;;|\"\"\"|\[)")
"""Decorators and comments, which belong to the definition they stand above."""
_MAX_LINE = 400
"""A longer line defines nothing a person would look for."""
_WHOLE_LINES = 30
"""Up to this length a definition keeps what is defined inside it."""


@dataclass(slots=True)
class _Definition:
    """A definition's first line (from 0, with what leads up to it), its indent, and its name."""

    line: int
    indent: int
    name: str
    end: int = 0


def read_code(text: str) -> Pages:
    """Read source code and configuration as it is, a page for each definition or group of them."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    builder = PageBuilder()
    begun = 0
    for definition in _cuts(lines):
        builder.add_text("\n".join(lines[begun : definition.line]), begun + 1)
        builder.add_heading(definition.indent + 1, definition.name)
        begun = definition.line
    builder.add_text("\n".join(lines[begun:]), begun + 1)
    return builder.build_pages()


def _cuts(lines: list[str]) -> list[_Definition]:
    """Return the definitions to cut at, in order; short ones are kept with what is in them."""
    found = _definitions(lines)
    cuts: list[_Definition] = []
    whole: _Definition | None = None
    for definition in found:
        if whole and definition.line < whole.end and definition.indent > whole.indent:
            continue
        cuts.append(definition)
        whole = definition if definition.end - definition.line <= _WHOLE_LINES else None
    return cuts


def _definitions(lines: list[str]) -> list[_Definition]:
    found: list[_Definition] = []
    open_: list[_Definition] = []
    for number, (line, following) in enumerate(zip(lines, [*lines[1:], ""], strict=True)):
        name = _name_in(line, following)
        if not name:
            continue
        indent = _width(line)
        first = number
        last_definition_line = found[-1].line if found else -1
        while (
            first - 1 > last_definition_line
            and _LEADING.match(lines[first - 1])
            and (_width(lines[first - 1]) == indent)
        ):
            first -= 1
        while open_ and open_[-1].indent >= indent:
            open_.pop().end = first
        definition = _Definition(first, indent, name)
        open_.append(definition)
        found.append(definition)
    for definition in open_:
        definition.end = len(lines)
    return found


def _name_in(line: str, following: str) -> str:
    """Return "class Reader" or "run()" for a line that defines one, "" for any other."""
    if len(line) > _MAX_LINE or not line.strip():
        return ""
    if match := _DEFINITION.match(line):
        kind, name = match["kind"].lower(), match["name"].rstrip(":<")
        is_function = re.fullmatch(_FUNCTION, kind) or kind == "procedure"
        return f"{name}()" if is_function else f"{kind} {name}"
    match = _ASSIGNED.match(line)
    if match is None and (line.rstrip().endswith("{") or following.startswith("{")):
        match = _C_FUNCTION.match(line)
    return f"{match['name']}()" if match else ""


def _width(line: str) -> int:
    indent = _INDENT.match(line)
    return len(indent[0].expandtabs(4)) if indent else 0
