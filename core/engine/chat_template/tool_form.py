"""Tool form: how one model writes calls of tools, found by rendering its chat template.

A call is OPENING name MIDDLE arguments CLOSING, in which the arguments are a JSON object, or have
a form of their own (`argument_form`):

Qwen, Hermes    <tool_call>⏎{"name": "…", "arguments": {…}}⏎</tool_call>
Llama 3         {"name": "…", "parameters": {…}}
Mistral         [TOOL_CALLS] [{"name": "…", "arguments": {…}, "id": "…"}]
later Mistral   [TOOL_CALLS]…[ARGS]{…}
Qwen 3 Coder    <tool_call>⏎<function=…>⏎<parameter=…>⏎…⏎</parameter>⏎</function>⏎</tool_call>
Gemma 4         <|tool_call>call:…{…:<|"|>…<|"|>}<tool_call|>
"""

import json
import re
import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from msgspec import Struct

from core.base.errors import ModelError
from core.engine.chat_template.argument_form import NUMBER, ArgumentForm, split_arguments
from core.engine.chat_template.thinking_marks import HARMONY_CALL

CALL_ID = "\0"
"""Stands in a form for the nine letters and digits by which some models name a call."""
PYTHON_TAG = "<|python_tag|>"
"""What models of Llama's put before a call, or before code of their own."""
_TYPE = '{"type": "function", '
"""What they write before the name, since the tools are shown to them so."""
ID_LENGTH = 9
"""Mistral's templates refuse any other."""

_VARIABLE = re.compile(f"[{{{CALL_ID}]")
_FIRST_TAG = re.compile(r"<[^<>\s]+>|\[[A-Z_]+\]")
_OPEN_TAG = re.compile(r"<[^<>]*$|\[[A-Z_/]*$")
_REST_OF_TAG = re.compile(r"[^<>]*>")

RenderText = Callable[[Sequence[Mapping[str, object]], Sequence[Mapping[str, object]] | None], str]
"""Renders messages and tools, without the beginning of an answer. Raises ModelError."""


class ToolForm(Struct, frozen=True, kw_only=True):
    """How one model writes calls, white space as its template has it."""

    opening: str
    middle: str
    closing: str
    joint: str = ""
    """Between the arguments of a call and the next one's name; "" if there is no next one."""
    takes_text: bool = False
    """Whether the template wants the arguments as JSON text, and not as values."""
    arguments: ArgumentForm | None = None
    """That of the arguments; None if they are a JSON object."""
    shows_tools: bool = True
    """Whether the template has a place for the tools themselves."""

    @property
    def start_mark(self) -> str:
        """What tells a call from an answer in words; "" if that is its first brace."""
        if tag := _FIRST_TAG.match(self.opening):
            return tag[0]
        return _VARIABLE.split(self.opening)[0].rstrip(" \t\n[")

    @property
    def start_marks(self) -> tuple[str, ...]:
        """The mark, and the next tag where some models leave the first one out."""
        if self.is_harmony:
            return self.openings
        rest = self.opening[len(self.start_mark) :].strip()
        if self.arguments is None or not self.start_mark or not rest.startswith("<"):
            return (self.start_mark,) if self.start_mark else ()
        return self.start_mark, rest

    @property
    def is_harmony(self) -> bool:
        """Whether calls are messages in a channel, as those of gpt-oss."""
        return self.opening == HARMONY_CALL[0]

    @property
    def first_forms(self) -> tuple["ToolForm", ...]:
        """Forms of calls without the mark, with which an answer begins or has none of them.

        Many models leave the mark out, or write a fence instead; Qwen's doubles the braces, since
        its own template shows them so.
        """
        if self.arguments is not None:
            return () if self.start_mark else (self,)
        head = self.opening[len(self.start_mark) :].lstrip()
        if not head.startswith("{") or not self.closing.startswith("}"):
            return ()
        forms: list[ToolForm] = []
        for begin, end in ((head, "}"), ("{" + head, "}}")):
            fenced, fence_end = f"```json\n{begin}", f"{end}\n```"
            forms += [
                ToolForm(opening=begin, middle=self.middle, closing=end),
                ToolForm(
                    opening=fenced,
                    middle=self.middle,
                    closing=fence_end,
                    joint=f"{fence_end}\n{fenced}",
                ),
            ]
        return tuple(forms)

    @property
    def openings(self) -> tuple[str, ...]:
        """What a call may begin with, up to the name."""
        if self.is_harmony:
            return self.opening, "<|start|>assistant to=functions."
        if self.opening.startswith('{"'):
            return self.opening, _TYPE + self.opening[1:]
        return (self.opening, *self.start_marks[1:])

    @property
    def fixed_texts(self) -> tuple[str, ...]:
        """All that is the same in every call."""
        own = self.arguments.fixed_texts if self.arguments is not None else ()
        return self.opening, self.middle, self.closing, self.joint, *own


HARMONY_FORM = ToolForm(opening=HARMONY_CALL[0], middle=HARMONY_CALL[1], closing=HARMONY_CALL[2])
"""Calls of gpt-oss as `ThinkingSplitter` tells them, without what else their headers have."""


class _Probe:
    """A short chat with calls, made of words that no template contains."""

    def __init__(self) -> None:
        words = sorted("Z" + secrets.token_hex(8) for _word in range(8))  # some sort the keys
        self.name, self.other, self.key, self.next_key, self.value = words[:5]
        self.next_value, self.text, self.result = words[5:]
        self.ids = [secrets.token_hex(8)[:ID_LENGTH] for _call in range(2)]

    @property
    def tools(self) -> list[dict[str, object]]:
        """Two tools."""
        properties = {self.key: {"type": "string", "description": "d"}}
        parameters = {"type": "object", "properties": properties, "required": [self.key]}
        return [
            template_tool({"name": name, "description": "d", "parameters": parameters})
            for name in (self.name, self.other)
        ]

    @property
    def texts(self) -> dict[str, object]:
        """Arguments that are texts."""
        return {self.key: self.value, self.next_key: self.next_value}

    @property
    def numbers(self) -> dict[str, object]:
        """Arguments that are none."""
        return {self.key: NUMBER, self.next_key: [NUMBER]}

    def turns(
        self, names: Sequence[str], given: Mapping[str, object], *, as_text: bool
    ) -> list[dict[str, object]]:
        """Return a question and the calls that answer it."""
        arguments = json.dumps(given, ensure_ascii=False)
        calls = [
            template_call(name, arguments, called, as_text=as_text)
            for name, called in zip(names, self.ids, strict=False)
        ]
        return [
            {"role": "user", "content": "q"},
            {"role": "assistant", "content": "", "tool_calls": calls},
        ]


def template_tool(tool: Mapping[str, Any]) -> dict[str, object]:
    """Return a tool as templates get it."""
    function = {
        "name": tool["name"],
        "description": tool.get("description") or "",
        "parameters": tool.get("parameters") or {"type": "object", "properties": {}},
    }
    return {"type": "function", "function": function}


def template_call(name: str, arguments: str, called: str, *, as_text: bool) -> dict[str, object]:
    """Return a call as templates get it; arguments that are no JSON object stay text."""
    given: object = arguments
    if not as_text:
        try:
            values = json.loads(arguments)
        except (ValueError, RecursionError):
            values = None
        given = values if isinstance(values, dict) else arguments
    return {"type": "function", "id": called, "function": {"name": name, "arguments": given}}


def find_tool_form(render: RenderText) -> ToolForm | None:
    """Return the form of a template; None if it shows no calls, or has a form that is not known."""
    probe = _Probe()
    for as_text in (False, True):
        try:
            return _form(render, probe, as_text=as_text)
        except ModelError:
            continue
    return None


def _form(render: RenderText, probe: _Probe, *, as_text: bool) -> ToolForm | None:
    turns = probe.turns([probe.name], probe.texts, as_text=as_text)
    called = render(turns, probe.tools)
    told = {"role": "assistant", "content": probe.text}
    in_words = render([turns[0], told], probe.tools)
    result = {"role": "tool", "name": probe.name, "tool_call_id": probe.ids[0]}
    returned = render([*turns, {**result, "content": probe.result}], probe.tools)
    if probe.text not in in_words or probe.result not in returned:
        return None
    numbers = "" if as_text else _numbers(render, probe)
    opening, found, rest = _own_part(called, in_words, probe.text).partition(probe.name)
    parts = _split_call(rest, numbers, probe) if found else None
    if parts is None:
        return None
    middle, arguments, closing = parts
    form = ToolForm(
        opening=_without_ids(opening, probe).lstrip(),
        middle=_without_ids(middle, probe),
        closing=_without_ids(closing, probe).rstrip(),
        joint=_joint(render, probe, numbers, as_text=as_text),
        takes_text=as_text,
        arguments=arguments,
        shows_tools=probe.other in called,
    )
    return form if form.start_mark or form.opening.startswith(("{", "[")) else None


def _numbers(render: RenderText, probe: _Probe) -> str:
    """Return a call whose arguments are no texts, from behind its name."""
    called = render(probe.turns([probe.name], probe.numbers, as_text=False), probe.tools)
    return called[called.rfind(probe.name) + len(probe.name) :]


def _own_part(called: str, in_words: str, text: str) -> str:
    """Return what an answer with a call has in the place of `text`, with whole tags."""
    start = _common_start(called, in_words)
    if tag := _OPEN_TAG.search(called[:start]):
        start = tag.start()
    end = len(called) - _common_start(called[start:][::-1], in_words.partition(text)[2][::-1])
    if _OPEN_TAG.search(called[start:end]) and (rest := _REST_OF_TAG.match(called, end)):
        end = rest.end()
    return called[start:end]


def _joint(render: RenderText, probe: _Probe, numbers: str, *, as_text: bool) -> str:
    """Return what stands between two calls of one answer, "" if the template takes but one."""
    turns = probe.turns([probe.name, probe.other], probe.texts, as_text=as_text)
    try:
        both = render(turns, probe.tools)
    except ModelError:
        return ""
    first = both.rfind(probe.name) + len(probe.name)
    parts = _split_call(both[first:], numbers, probe)
    if parts is None:
        return ""
    before, found, _rest = parts[2].partition(probe.other)
    return _without_ids(before, probe) if found else ""


def _split_call(
    text: str, numbers: str, probe: _Probe
) -> tuple[str, ArgumentForm | None, str] | None:
    """Return what stands between name and arguments, their form, and what stands behind them."""
    place = text.rfind("{", 0, max(text.find(probe.key), 0))
    if place >= 0:
        try:
            values, end = json.JSONDecoder().raw_decode(text, place)
        except ValueError:
            values = None
        if values == probe.texts:
            return text[:place], None, text[end:]
    keys, values = (probe.key, probe.next_key), (probe.value, probe.next_value)
    split = split_arguments(text, numbers, keys, values)
    return (split.middle, split.form, split.rest) if split is not None else None


def _without_ids(text: str, probe: _Probe) -> str:
    for called in probe.ids:
        text = text.replace(called, CALL_ID)
    return text


def _common_start(text: str, other: str) -> int:
    pairs = enumerate(zip(text, other, strict=False))
    return next((n for n, (one, two) in pairs if one != two), min(len(text), len(other)))


PARTLY = -1
"""The text may become what is looked for."""


def match_loosely(text: str, wanted: str) -> int | None:
    """Compare the beginning of `text` with `wanted`, whatever the white space is.

    Returns the number of letters that match all of it, PARTLY, or None if it never can.
    """
    place = 0
    for letter in wanted:
        if letter.isspace():
            continue
        while place < len(text) and text[place].isspace():
            place += 1
        if place == len(text):
            return PARTLY
        if letter == CALL_ID:
            length = _id_length(text[place : place + ID_LENGTH])
            if place + length == len(text) and length < ID_LENGTH:
                return PARTLY
            if not length:
                return None
            place += length
        elif text[place] != letter:
            return None
        else:
            place += 1
    return place


def _id_length(text: str) -> int:
    return next(
        (n for n, letter in enumerate(text) if not (letter.isascii() and letter.isalnum())),
        len(text),
    )


class FirstCall(Struct, frozen=True):
    """A call that an answer begins with, or may begin with if `form` is None."""

    text: str
    """The answer from there on."""
    form: ToolForm | None = None


def find_first_call(text: str, form: ToolForm, names: Iterable[str]) -> FirstCall | None:
    """Return the call, without a mark, that an answer begins with; None if it begins otherwise.

    It is known by the name of a tool, since its answers may begin with other JSON.
    """
    body = text.lstrip()
    if PYTHON_TAG.startswith(body):
        return FirstCall(body)
    body = body.removeprefix(PYTHON_TAG)
    may_be = False
    for first in form.first_forms:
        for opening in first.openings:
            for name in names:
                match = match_loosely(body, opening + name + first.middle.strip()[:1])
                if match is not None and match != PARTLY:
                    return FirstCall(body, first)
                may_be = may_be or match is not None
    return FirstCall(body) if may_be else None
