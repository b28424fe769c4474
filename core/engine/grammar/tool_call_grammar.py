"""Grammar of tool calls: JSON between marks, as Hermes and Qwen are trained to write it.

<tool_call>
{"name": "get_weather", "arguments": {"city": "Oslo"}}
</tool_call>
"""

import json
import re
from typing import Any

from core.base.i18n import _
from core.engine.grammar.json_schema_grammar import SchemaError, schema_to_grammar

CALL_START, CALL_END = "<tool_call>", "</tool_call>"
REQUIRED, ONE, AUTO_ONE = "required", "one", "auto_one"
MOST_CALLS = 16
"""Calls of one answer: a small model would call the same tool for ever."""
_ROOT = re.compile(r"^root ::= ", re.MULTILINE)


def tool_call_grammar(tools: str, use: str) -> str:
    """Return the grammar of answers that may or must call `tools`, a JSON list.

    Free text comes before calls, if there may be any. Raises SchemaError.
    """
    calls = {"oneOf": [_call_schema(tool) for tool in _read(tools)]}
    rules = _ROOT.sub("call-json ::= ", schema_to_grammar(json.dumps(calls)))
    call = f'call ::= "{CALL_START}\\n" call-json "\\n{CALL_END}"'
    if use == ONE:
        root = "root ::= call"
    elif use == REQUIRED:
        root = f'root ::= call ("\\n" call){{0,{MOST_CALLS - 1}}}'
    else:
        # A text holds no mark: its "<" is never followed by a "t".
        text = 'text ::= ([^<] | "<" [^t<])*'
        more = 0 if use == AUTO_ONE else MOST_CALLS - 1
        root = f'{text}\nroot ::= text (call ("\\n" call){{0,{more}}})?'
    return f"{rules}\n{call}\n{root}"


def _read(tools: str) -> list[dict[str, Any]]:
    try:
        listed = json.loads(tools)
    except (ValueError, RecursionError) as error:
        raise SchemaError(_("the tools are no JSON")) from error
    if not isinstance(listed, list) or not listed:
        raise SchemaError(_("there are no tools"))
    return listed


def _call_schema(tool: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {
            "name": {"const": tool["name"]},
            "arguments": tool.get("parameters") or {"type": "object"},
        },
        "required": ["name", "arguments"],
    }
