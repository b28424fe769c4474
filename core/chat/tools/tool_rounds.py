"""Tool rounds: the calls of one answer, what was decided about each, and what it returned."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import structs

from core.base.clock import Clock
from core.base.tool_call_reader import read_tool_calls
from core.chat.answering.tool_transcript import cut_result
from core.chat.conversations.tool_calls import CallState, RecordedCall
from core.chat.tools.tool_box import OfferedTool, ToolResult
from core.messages import Failed

MAX_ROUNDS = 8
"""How often a model may call tools before it has to answer."""
MAX_CALLS = 4
"""Calls of one round; a small model writes the same one for ever."""
CALL_SECONDS = 120.0
"""Seconds after which a call is given up."""
_OPEN = frozenset({CallState.ASKING, CallState.RUNNING})


class ToolRounds:
    """The calls of one answer as values; it calls nothing."""

    def __init__(self, tools: Sequence[OfferedTool], clock: Clock) -> None:
        self.tools: Mapping[str, OfferedTool] = {tool.name: tool for tool in tools}
        """What may be called, by name."""
        self.calls: tuple[RecordedCall, ...] = ()
        """All calls, in order."""
        self.limit = 0
        """Letters that a result may have."""
        self._clock = clock
        self._begun_at = 0.0
        self._is_over = False

    @property
    def schemas(self) -> str:
        """The tools for the engine, "" once the model has to answer in words."""
        if self._is_over or not self.tools:
            return ""
        return json.dumps(
            [
                {"name": each.name, "description": each.description, "parameters": each.parameters}
                for each in self.tools.values()
            ],
            ensure_ascii=False,
        )

    def add_round(self, text: str, at: int) -> bool:
        """Take the calls in what a model wrote; returns whether there are any.

        After the last round, and after one that only repeats calls, no more may follow.
        """
        _words, made = read_tool_calls(text)
        if not made or self._is_over:
            return False
        number = max((call.round for call in self.calls), default=0) + 1
        known = {(call.tool, call.arguments) for call in self.calls}
        for name, arguments in made[:MAX_CALLS]:
            tool = self.tools.get(name)
            call = RecordedCall(
                n=len(self.calls) + 1,
                tool=name,
                arguments=arguments.strip(),
                server=tool.server if tool else "",
                round=number,
                at=at,
            )
            self.calls = (*self.calls, call)
        new = {(call.tool, call.arguments) for call in self.calls if call.round == number} - known
        self._is_over = number >= MAX_ROUNDS or not new
        return True

    def next_call(self) -> RecordedCall | None:
        """Return the next call that has not ended."""
        return next((call for call in self.calls if call.state in _OPEN), None)

    def begin_call(self, call: RecordedCall) -> None:
        """The call is being made."""
        self._begun_at = self._clock()
        self._replace(structs.replace(call, state=CallState.RUNNING))

    @property
    def is_late(self) -> bool:
        """Whether the call that is being made takes too long."""
        call = self.next_call()
        is_running = call is not None and call.state is CallState.RUNNING
        return is_running and self._clock() - self._begun_at >= CALL_SECONDS

    def finish_call(self, call: RecordedCall, result: ToolResult) -> None:
        """The call has returned."""
        state = CallState.FAILED if result.is_failure else CallState.DONE
        seconds = self._clock() - self._begun_at if call.state is CallState.RUNNING else 0.0
        text = cut_result(result.text, self.limit)
        self._replace(structs.replace(call, state=state, result=text, seconds=seconds))

    def refuse_call(self, call: RecordedCall) -> None:
        """The person says no."""
        self._replace(structs.replace(call, state=CallState.REFUSED))

    def cut_open_calls(self) -> None:
        """The answer ends: what has not ended never will."""
        for call in self.calls:
            if call.state in _OPEN:
                self._replace(structs.replace(call, state=CallState.CUT))

    def _replace(self, changed: RecordedCall) -> None:
        self.calls = tuple(changed if call.n == changed.n else call for call in self.calls)


def read_arguments(call: RecordedCall) -> dict[str, Any] | None:
    """Return a call's arguments, None if they are no JSON object."""
    try:
        found = json.loads(call.arguments or "{}")
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def failed_result(failed: Failed) -> ToolResult:
    """Return what the model is told of a call that failed."""
    detail = failed.facts.get("detail", "")
    return ToolResult(text=f"It failed: {detail or failed.code}", is_failure=True)
