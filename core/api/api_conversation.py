"""Conversation of a request, whichever API it came by, as the turns a model reads.

Calls of earlier answers are written as Hermes and Qwen are trained to: JSON between marks.
"""

import itertools
import json
from collections.abc import Sequence
from typing import Any

from msgspec import Struct, structs

from core.api.api_errors import ApiError
from core.messages import ASSISTANT_ROLE, SYSTEM_ROLE, TOOL_ROLE, USER_ROLE, PromptTurn

ANY_OBJECT = '{"type":"object"}'
"""The schema of an answer that is to be any JSON object."""
SYSTEM, USER, ASSISTANT, TOOL = SYSTEM_ROLE, USER_ROLE, ASSISTANT_ROLE, TOOL_ROLE


class ToolSpec(Struct, frozen=True, kw_only=True):
    """A tool that may be called; `parameters` is a JSON schema."""

    name: str
    description: str = ""
    parameters: dict[str, Any] = {}


class CalledTool(Struct, frozen=True, kw_only=True):
    """A call of an earlier answer; `arguments` is JSON."""

    name: str
    arguments: str
    call_id: str = ""


class ApiMessage(Struct, frozen=True, kw_only=True):
    """One message: of the system, the user, the assistant, or what a tool returned."""

    role: str
    text: str = ""
    thinking: str = ""
    calls: tuple[CalledTool, ...] = ()
    call_id: str = ""
    """Of what a tool returned: the call that it answers, "" for the next one."""


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
            [
                {
                    "name": each.name,
                    "description": each.description,
                    "parameters": each.parameters or None,
                }
                for each in self.tools
            ],
            ensure_ascii=False,
        )


def decoded_arguments(arguments: str) -> object:
    """Return the arguments of a call as an object, an empty one for those that were cut off."""
    try:
        return json.loads(arguments or "{}")
    except ValueError:
        return {}


def choose_tools(
    tools: Sequence[ToolSpec], choice: str, name: str = "", *, parallel: bool = True
) -> ToolUse:
    """Return the tools for a choice: none, auto, required, or one by its `name`.

    Raises ApiError for a name that no tool has.
    """
    if name:
        return ToolUse(tools=tuple(named_tools(tools, [name])), use="one")
    if choice == "none" or not tools:
        return ToolUse()
    if choice == "required":
        return ToolUse(tools=tuple(tools), use="required" if parallel else "one")
    return ToolUse(tools=tuple(tools), use="auto" if parallel else "auto_one")


def named_tools(tools: Sequence[ToolSpec], names: Sequence[str]) -> list[ToolSpec]:
    """Return the tools of these names. Raises ApiError for a name that no tool has."""
    known = {each.name: each for each in tools}
    if unknown := [name for name in names if name not in known]:
        raise ApiError(400, f"There is no tool “{unknown[0]}”.", parameter="tool_choice")
    return [known[name] for name in dict.fromkeys(names)]


def prompt_turns(said: Sequence[ApiMessage]) -> tuple[PromptTurn, ...]:
    """Return the turns of a conversation; the engine lays tools and their results out.

    Calls that follow each other are of one answer, and results come in the order of its calls.
    """
    return tuple(
        PromptTurn(role=each.role, text=_text(each), thinking=each.thinking)
        for each in _with_results_in_order(_with_calls_joined(said))
    )


def _with_calls_joined(said: Sequence[ApiMessage]) -> list[ApiMessage]:
    joined: list[ApiMessage] = []
    for each in said:
        last = joined[-1] if joined else None
        is_more = each.role == ASSISTANT and each.calls and not each.text
        if last is not None and last.role == ASSISTANT and is_more:
            joined[-1] = structs.replace(last, calls=(*last.calls, *each.calls))
        else:
            joined.append(each)
    return joined


def _with_results_in_order(said: Sequence[ApiMessage]) -> list[ApiMessage]:
    ordered: list[ApiMessage] = []
    calls: tuple[CalledTool, ...] = ()
    for role, group in itertools.groupby(said, key=lambda each: each.role):
        several = list(group)
        ordered += _results_in_order(several, calls) if role == TOOL else several
        calls = several[-1].calls
    return ordered


def _results_in_order(
    results: Sequence[ApiMessage], calls: Sequence[CalledTool]
) -> list[ApiMessage]:
    """Return the results of `calls`, with an empty one for each that has none before the last."""
    by_call: dict[str, list[ApiMessage]] = {call.call_id: [] for call in calls if call.call_id}
    next_ones: list[ApiMessage] = []
    others: list[ApiMessage] = []
    for each in results:
        by_call.get(each.call_id, others if each.call_id else next_ones).append(each)
    answered = [n for n, call in enumerate(calls, start=1) if by_call.get(call.call_id)]
    ordered: list[ApiMessage] = []
    for call in calls[: max(answered, default=0)]:
        own = by_call.get(call.call_id) or next_ones
        ordered.append(own.pop(0) if own else ApiMessage(role=TOOL, call_id=call.call_id))
    return [*ordered, *itertools.chain(*by_call.values()), *next_ones, *others]


def _text(said: ApiMessage) -> str:
    calls = [
        f'<tool_call>\n{{"name": {json.dumps(each.name)}, "arguments": {each.arguments or "{}"}}}'
        "\n</tool_call>"
        for each in said.calls
    ]
    return "\n".join([said.text, *calls] if said.text else calls)
