"""Grammar of tool calls: JSON between marks, as Hermes and Qwen are trained to write it.

<tool_call>
{"name": "get_weather", "arguments": {"city": "Oslo"}}
</tool_call>
"""

import json
import re
from collections.abc import Callable
from typing import Any

from core.base.i18n import _
from core.engine.grammar.grammar_check import GrammarError, check_grammar
from core.engine.grammar.json_schema_grammar import SchemaError, schema_to_grammar

CALL_START, CALL_END = "<tool_call>", "</tool_call>"
REQUIRED, ONE, AUTO_ONE = "required", "one", "auto_one"
MOST_CALLS = 16
"""Calls of one answer: a small model would call the same tool for ever."""
BuildGrammar = Callable[[list[dict[str, Any]]], str]
"""Returns the grammar of tools. Raises SchemaError."""
_ROOT = re.compile(r"^root ::= ", re.MULTILINE)


def tool_call_grammar(tools: str, use: str) -> str:
    """Return the grammar of answers that may or must call `tools`, a JSON list.

    Free text comes before calls, if there may be any. Arguments of a tool whose schema a grammar
    can't express are any object: the prompt has the schema in any case. Raises SchemaError.
    """
    rules = _ROOT.sub("call-json ::= ", strictest_grammar(read_tools(tools), _grammar_of))
    call = f'call ::= "{CALL_START}\\n" call-json "\\n{CALL_END}"'
    if use == ONE:
        root = "root ::= call"
    elif use == REQUIRED:
        root = f'root ::= call ("\\n" call){{0,{MOST_CALLS - 1}}}'
    else:
        more = 0 if use == AUTO_ONE else MOST_CALLS - 1
        root = f'{_text_rules()}\nroot ::= text-0 (call ("\\n" call){{0,{more}}})?'
    return f"{rules}\n{call}\n{root}"


def read_tools(tools: str) -> list[dict[str, Any]]:
    """Return the tools of a JSON list. Raises SchemaError."""
    try:
        listed = json.loads(tools)
    except (ValueError, RecursionError) as error:
        raise SchemaError(_("the tools are no JSON")) from error
    if not isinstance(listed, list) or not listed:
        raise SchemaError(_("there are no tools"))
    return listed


def _text_rules() -> str:
    """Return the rules of a text without the mark; `text-N` follows N letters of the mark."""
    rules = ['text-0 ::= [^<] text-0 | "<" text-1 | ""']
    for number, letter in enumerate(CALL_START[1:-1], start=1):
        ways = f'"<" text-1 | "{letter}" text-{number + 1} | [^<{letter}] text-0 | ""'
        rules.append(f"text-{number} ::= {ways}")
    rules.append(f'text-{len(CALL_START) - 1} ::= "<" text-1 | [^<>] text-0 | ""')
    return "\n".join(rules)


def strictest_grammar(tools: list[dict[str, Any]], build: BuildGrammar) -> str:
    """Return the grammar of calls of any of the tools, as strict as a grammar can be."""
    grammar = _checked_grammar(tools, build)
    if grammar is None:
        held = [tool if _checked_grammar([tool], build) else _loose(tool) for tool in tools]
        grammar = _checked_grammar(held, build)
    # Each may be fine, and all of them too much.
    return grammar or build([_loose(tool) for tool in tools])


def _checked_grammar(tools: list[dict[str, Any]], build: BuildGrammar) -> str | None:
    """Return the grammar of their calls, None if none can hold a model to their schemas."""
    try:
        grammar = build(tools)
        check_grammar(grammar)
    except (SchemaError, GrammarError, RecursionError):
        return None
    return grammar


def _loose(tool: dict[str, Any]) -> dict[str, Any]:
    return {"name": tool["name"]}


def _grammar_of(tools: list[dict[str, Any]]) -> str:
    calls = [_call_schema(tool, f"#/oneOf/{number}") for number, tool in enumerate(tools)]
    return schema_to_grammar(json.dumps({"oneOf": calls}))


def _call_schema(tool: dict[str, Any], place: str) -> dict[str, Any]:
    """Return the schema of a call, which lies at `place` in the whole one."""
    parameters = tool.get("parameters") or {"type": "object"}
    return {
        "type": "object",
        "properties": {
            "name": {"const": tool["name"]},
            "arguments": _moved(parameters, f"{place}/properties/arguments"),
        },
        "required": ["name", "arguments"],
    }


def _moved(part: Any, place: str) -> Any:  # noqa: ANN401 - JSON
    """Return a part of a schema whose references to the schema itself lead to `place`."""
    if isinstance(part, list):
        return [_moved(each, place) for each in part]
    if not isinstance(part, dict):
        return part
    moved = {key: _moved(value, place) for key, value in part.items()}
    reference = part.get("$ref")
    if isinstance(reference, str) and reference.startswith("#"):
        moved["$ref"] = place + reference[1:]
    return moved
