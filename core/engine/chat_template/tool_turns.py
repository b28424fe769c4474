"""Tool turns: calls and results of a transcript, as a chat template that knows tools gets them.

Calls stand in the text of an answer between marks (see `tool_call_reader`); a template wants them
as values. Texts of tools pass through the template, so that those which a tokenizer would read as
control tokens are hidden from it.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from msgspec import Struct

from core.base.tool_call_reader import read_tool_calls
from core.engine.chat_template.tool_form import template_call, template_tool
from core.messages import ASSISTANT_ROLE, TOOL_ROLE, PromptTurn


def _never(_text: str) -> bool:
    return False


class TemplateTools(Struct, frozen=True):
    """The tools of a chat, calls by the message that makes them, and results by their own."""

    offered: tuple[Mapping[str, object], ...] = ()
    calls: Mapping[int, tuple[Mapping[str, object], ...]] = MappingProxyType({})
    results: Mapping[int, tuple[str, str]] = MappingProxyType({})
    """Name of the tool and id of the call."""
    is_hostile: Callable[[str], bool] = _never
    """Whether a text has control tokens in it."""


NO_TOOLS = TemplateTools()


class VerbatimTexts:
    """Texts that a template gets placeholders for."""

    def __init__(self, token: str, is_hostile: Callable[[str], bool]) -> None:
        self.token = token
        """What all placeholders begin with."""
        self._is_hostile = is_hostile
        self._texts: list[str] = []

    def guard(self, value: Any) -> Any:  # noqa: ANN401 - JSON
        """Return the value with its hostile texts replaced, those of keys included."""
        if isinstance(value, str):
            if not self._is_hostile(value):
                return value
            self._texts.append(value)
            return f"{self.token}{len(self._texts) - 1:06d}v"
        if isinstance(value, Mapping):
            return {self.guard(key): self.guard(item) for key, item in value.items()}
        return [self.guard(item) for item in value] if isinstance(value, list) else value

    def text(self, number: int, *, is_quoted: bool) -> str:
        """Return a text that was replaced, as JSON has it if a template wrote it between quotes."""
        text = self._texts[number]
        return json.dumps(text, ensure_ascii=False)[1:-1] if is_quoted else text


def arrange_tools(
    turns: Sequence[PromptTurn], tools: str, is_hostile: Callable[[str], bool], *, as_text: bool
) -> tuple[list[tuple[str, str]], TemplateTools]:
    """Return the messages of a template (role, content), and what it gets beside them.

    `tools` is a JSON list (see `Sampling`), maybe "". Only an answer before results has calls:
    elsewhere the marks are words. `as_text`: arguments are JSON text.
    """
    messages: list[tuple[str, str]] = []
    calls: dict[int, tuple[Mapping[str, object], ...]] = {}
    results: dict[int, tuple[str, str]] = {}
    open_calls: list[tuple[str, str]] = []
    count = 0
    for index, turn in enumerate(turns):
        text = turn.text
        if turn.role == TOOL_ROLE:
            results[index] = open_calls.pop(0) if open_calls else ("", _call_id(count))
        elif turn.role == ASSISTANT_ROLE and _has_result(turns, index):
            text, made = read_tool_calls(turn.text)
            open_calls = [(name, _call_id(count + n)) for n, (name, _json) in enumerate(made)]
            count += len(made)
            calls[index] = tuple(
                template_call(name, arguments.strip(), called, as_text=as_text)
                for (name, arguments), (_name, called) in zip(made, open_calls, strict=True)
            )
        messages.append((turn.role, text))
    offered = tuple(map(template_tool, json.loads(tools))) if tools else ()
    return messages, TemplateTools(offered, calls, results, is_hostile)


def _has_result(turns: Sequence[PromptTurn], index: int) -> bool:
    return index + 1 < len(turns) and turns[index + 1].role == TOOL_ROLE


def _call_id(number: int) -> str:
    return f"call{number % 100_000:05d}"
