"""Conversation of a request, whichever API it came by, as the turns a model reads.

Tools are described in the system message and called as Hermes and Qwen are trained to: JSON between
marks. A grammar holds every other model to that form too.
"""

import json
from collections.abc import Sequence
from typing import Any

from msgspec import Struct

from core.api.api_errors import ApiError
from core.messages import PromptTurn

SYSTEM, USER, ASSISTANT, TOOL = "system", "user", "assistant", "tool"

_TOOLS_HEAD = """\
# Tools

You may call one or more functions to assist with the user query.

You are provided with function signatures within <tools></tools> XML tags:
<tools>
"""
_TOOLS_TAIL = """
</tools>

For each function call, return a json object with function name and arguments within \
<tool_call></tool_call> XML tags:
<tool_call>
{"name": <function-name>, "arguments": <args-json-object>}
</tool_call>"""


class ToolSpec(Struct, frozen=True, kw_only=True):
    """A tool that may be called; `parameters` is a JSON schema."""

    name: str
    description: str = ""
    parameters: dict[str, Any] = {}


class CalledTool(Struct, frozen=True, kw_only=True):
    """A call of an earlier answer; `arguments` is JSON."""

    name: str
    arguments: str


class Said(Struct, frozen=True, kw_only=True):
    """One message: of the system, the user, the assistant, or what a tool returned."""

    role: str
    text: str = ""
    thinking: str = ""
    calls: tuple[CalledTool, ...] = ()


class ToolUse(Struct, frozen=True, kw_only=True):
    """The tools of a request: `use` is auto, auto_one, required or one."""

    tools: tuple[ToolSpec, ...] = ()
    use: str = "auto"

    @property
    def schemas(self) -> str | None:
        """What the engine's grammar is made from, None without tools."""
        if not self.tools:
            return None
        return json.dumps(
            [{"name": each.name, "parameters": each.parameters or None} for each in self.tools]
        )


def choose_tools(
    tools: Sequence[ToolSpec], choice: str, name: str = "", *, parallel: bool = True
) -> ToolUse:
    """Return the tools for a choice: none, auto, required, or one by its `name`.

    Raises ApiError for a name that no tool has.
    """
    if name:
        tools = [each for each in tools if each.name == name]
        if not tools:
            raise ApiError(400, f"There is no tool “{name}”.", parameter="tool_choice")
        return ToolUse(tools=tuple(tools), use="one")
    if choice == "none" or not tools:
        return ToolUse()
    if choice == "required":
        return ToolUse(tools=tuple(tools), use="required" if parallel else "one")
    return ToolUse(tools=tuple(tools), use="auto" if parallel else "auto_one")


def prompt_turns(said: Sequence[Said], use: ToolUse) -> tuple[PromptTurn, ...]:
    """Return the turns of a conversation; what tools returned comes as the user's."""
    turns: list[PromptTurn] = []
    results: list[str] = []
    for each in said:
        if each.role == TOOL:
            results.append(f"<tool_response>\n{each.text}\n</tool_response>")
            continue
        if results:
            turns.append(PromptTurn(role=USER, text="\n".join(results)))
            results = []
        turns.append(PromptTurn(role=each.role, text=_text(each), thinking=each.thinking))
    if results:
        turns.append(PromptTurn(role=USER, text="\n".join(results)))
    if use.tools:
        about = _describe(use.tools)
        if turns and turns[0].role == SYSTEM:
            turns[0] = PromptTurn(role=SYSTEM, text=f"{turns[0].text}\n\n{about}")
        else:
            turns.insert(0, PromptTurn(role=SYSTEM, text=about))
    return tuple(turns)


def _text(said: Said) -> str:
    calls = [
        f'<tool_call>\n{{"name": {json.dumps(each.name)}, "arguments": {each.arguments or "{}"}}}'
        "\n</tool_call>"
        for each in said.calls
    ]
    return "\n".join([said.text, *calls] if said.text else calls)


def _describe(tools: Sequence[ToolSpec]) -> str:
    lines = [
        json.dumps(
            {
                "type": "function",
                "function": {
                    "name": each.name,
                    "description": each.description,
                    "parameters": each.parameters,
                },
            },
            ensure_ascii=False,
        )
        for each in tools
    ]
    return _TOOLS_HEAD + "\n".join(lines) + _TOOLS_TAIL
