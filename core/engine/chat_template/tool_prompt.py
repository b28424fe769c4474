"""Tools in a prompt for models whose template has no place for them: as Hermes and Qwen read them.

They are described in the system message, and what a tool returned comes as the user's turn.
"""

import json
from collections.abc import Sequence
from typing import Any

from core.base.tool_call_reader import RESULT_START
from core.messages import SYSTEM_ROLE, TOOL_ROLE, USER_ROLE, PromptTurn

_HEAD = """\
# Tools

You may call one or more functions to assist with the user query.

You are provided with function signatures within <tools></tools> XML tags:
<tools>
"""
_END = "\n</tools>\n\n"
_TAIL = """\
For each function call, return a json object with function name and arguments within \
<tool_call></tool_call> XML tags:
<tool_call>
{"name": <function-name>, "arguments": <args-json-object>}
</tool_call>"""

_CALL_LINE = "For each function call, write its name and its arguments as a JSON object like this:"


def turns_with_tools(turns: Sequence[PromptTurn], tools: str) -> tuple[PromptTurn, ...]:
    """Return turns that any template takes; `tools` is a JSON list (see `Sampling`), maybe ""."""
    plain = _without_tool_role(turns)
    if not tools:
        return plain
    return _with_description(plain, tools, _TAIL)


def turns_with_described_tools(
    turns: Sequence[PromptTurn], tools: str, call: str
) -> tuple[PromptTurn, ...]:
    """Return turns for a template that lays out calls, like `call`, but not the tools."""
    return _with_description(tuple(turns), tools, f"{_CALL_LINE}\n{call}")


def _with_description(
    plain: tuple[PromptTurn, ...], tools: str, tail: str
) -> tuple[PromptTurn, ...]:
    about = _HEAD + "\n".join(_describe(tool) for tool in json.loads(tools)) + _END + tail
    if plain and plain[0].role == SYSTEM_ROLE:
        return (PromptTurn(role=SYSTEM_ROLE, text=f"{plain[0].text}\n\n{about}"), *plain[1:])
    return (PromptTurn(role=SYSTEM_ROLE, text=about), *plain)


def _without_tool_role(turns: Sequence[PromptTurn]) -> tuple[PromptTurn, ...]:
    """Return the turns with what several tools returned together as one turn of the user's."""
    plain: list[PromptTurn] = []
    results: list[str] = []
    for turn in turns:
        if turn.role == TOOL_ROLE:
            results.append(f"{RESULT_START}\n{turn.text}\n</tool_response>")
            continue
        if results:
            plain.append(PromptTurn(role=USER_ROLE, text="\n".join(results)))
            results = []
        plain.append(turn)
    if results:
        plain.append(PromptTurn(role=USER_ROLE, text="\n".join(results)))
    return tuple(plain)


def _describe(tool: dict[str, Any]) -> str:
    function = {
        "name": tool["name"],
        "description": tool.get("description") or "",
        "parameters": tool.get("parameters") or {},
    }
    return json.dumps({"type": "function", "function": function}, ensure_ascii=False)
