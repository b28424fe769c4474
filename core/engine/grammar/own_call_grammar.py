"""Grammar of calls in the form that a model's own template gives them (see `tool_form`)."""

import json
import re
from collections.abc import Iterable
from typing import Any

from core.engine.chat_template.tool_form import CALL_ID, ID_LENGTH, ToolForm
from core.engine.grammar.argument_grammar import argument_rules, text_without
from core.engine.grammar.json_schema_grammar import schema_to_grammar
from core.engine.grammar.tool_call_grammar import (
    AUTO_ONE,
    MOST_CALLS,
    ONE,
    read_tools,
    strictest_grammar,
)

_PARTS = re.compile(rf"\s+|{CALL_ID}|[^\s{CALL_ID}]+")
_GAP = "gap ::= [ \\t\\n]{0,24}"
_OTHER_VALUES = {"anyOf", "oneOf", "const", "enum"}
"""Keywords by which a schema of an object may allow values of other types."""
_CALL_ID = f"[a-zA-Z0-9]{{{ID_LENGTH}}}"


class NoCallError(ValueError):
    """What was written can't become a call."""


def own_call_grammar(tools: str, form: ToolForm, use: str, written: str = "") -> str:
    """Return the grammar of calls of `tools`, a JSON list, that goes on behind `written`.

    Raises SchemaError, and NoCallError if no call begins like `written`.
    """
    known = read_tools(tools)
    begun = {tool["name"]: list(_rests(form, tool["name"], written)) for tool in known}
    if not any(begun.values()):
        raise NoCallError(written)

    def build(offered: list[dict[str, Any]]) -> str:
        return _grammar(offered, form, begun, _most(form, use))

    return strictest_grammar(known, build)


def _most(form: ToolForm, use: str) -> int:
    return 1 if use in {ONE, AUTO_ONE} or not form.joint else MOST_CALLS


def _rests(form: ToolForm, name: str, written: str) -> Iterable[str]:
    """Yield what may come behind `written` up to the arguments, white space only where it may."""
    for opening in form.openings if written or not form.is_harmony else form.openings[:1]:
        before = opening + name + ("" if form.is_harmony else form.middle)
        place = _consumed(before, written)
        if place is not None:
            yield before[place:]


def _consumed(text: str, written: str) -> int | None:
    """Return how many letters of `text` are written already, None if others are."""
    place = 0
    for letter in written:
        if letter.isspace():
            continue
        while place < len(text) and text[place].isspace():
            place += 1
        if place == len(text) or text[place] != letter:
            return None
        place += 1
    return place


def _grammar(
    tools: list[dict[str, Any]], form: ToolForm, begun: dict[str, list[str]], most: int
) -> str:
    rules: dict[str, str] = {}
    for number, tool in enumerate(tools):
        for line in _argument_rules(tool, form, f"given{number}"):
            rules.setdefault(line.partition(" ::= ")[0], line)
    first = [
        f"{_fixed(rest)} given{number}"
        for number, tool in enumerate(tools)
        for rest in begun[tool["name"]]
    ]
    later = [
        f"{_fixed(form.joint + tool['name'] + form.middle)} given{number}"
        for number, tool in enumerate(tools)
    ]
    if form.is_harmony:
        return _harmony_grammar(rules, begun, tools)
    lines = [*rules.values(), _GAP, f"first ::= {' | '.join(first)}"]
    more = ""
    if most > 1:
        lines.append(f"later ::= {' | '.join(later)}")
        more = f" later{{0,{most - 1}}}"
    return "\n".join([*lines, f"root ::= first{more} {_fixed(form.closing)}"])


_HARMONY_RULES = (
    # Without its mark, "json" is a word of its own: else it would be a part of the tool's name.
    'header ::= ("<|channel|>commentary")? gap ("<|constrain|>json" | " json")? "<|message|>"',
    'analysis ::= ("<|channel|>analysis<|message|>" thought-0 "<|end|><|start|>assistant")?',
    *text_without("<|end|>", "thought"),
)


def _harmony_grammar(
    rules: dict[str, str], begun: dict[str, list[str]], tools: list[dict[str, Any]]
) -> str:
    """Return the grammar of one call in a channel, thinking before it if nothing is written yet."""
    ways = [
        f"{_fixed(rest)} header given{number}"
        for number, tool in enumerate(tools)
        for rest in begun[tool["name"]]
    ]
    whole = any(rest.startswith("<|channel|>") for each in begun.values() for rest in each)
    lead = "analysis " if whole else ""
    return "\n".join(
        [*rules.values(), _GAP, *_HARMONY_RULES, f"root ::= {lead}({' | '.join(ways)})"]
    )


def _argument_rules(tool: dict[str, Any], form: ToolForm, name: str) -> list[str]:
    """Return rules of a tool's arguments, that of all of them by `name`."""
    if form.arguments is None:
        return schema_to_grammar(_arguments_schema(tool), name).splitlines()
    return argument_rules(form.arguments, tool, name)


def _arguments_schema(tool: dict[str, Any]) -> str:
    """Return the schema of a tool's arguments, of any object where its own allows other values."""
    given = tool.get("parameters")
    if not isinstance(given, dict) or given.keys() & _OTHER_VALUES:
        given = {}
    kind = given.get("type", "object" if "properties" in given else "")
    return json.dumps(given | {"type": "object"} if kind == "object" else {"type": "object"})


def _fixed(text: str) -> str:
    """Return the elements of a fixed text; white space in it may be any."""
    elements = []
    for part in _PARTS.findall(text):
        if part.isspace():
            elements.append("gap")
        elif part == CALL_ID:
            elements.append(_CALL_ID)
        else:
            quoted = part.replace("\\", "\\\\").replace('"', '\\"')
            elements.append(f'"{quoted}"')
    return " ".join(elements) or '""'
