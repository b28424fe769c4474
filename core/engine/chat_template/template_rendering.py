"""Chat template rendering that keeps people's text apart from the template's own.

Contents go in as placeholders that nobody can guess, and the rendered text is cut at them. So a
document that holds `<|im_end|>` stays a document: its text never passes through the template, and
whoever tokenises the pieces knows which may hold control tokens. An earlier answer's thinking is
handed in beside its content, so a template that cuts thinking out of contents finds nothing to cut,
and one that keeps it asks for it.
"""

import functools
import re
import secrets
import time
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

from jinja2 import Template
from jinja2.exceptions import SecurityError, TemplateError
from msgspec import Struct

from core.base.errors import ErrorCode, ModelError
from core.base.i18n import _
from core.engine.chat_template.template_limits import RenderGuard
from core.engine.chat_template.template_sandbox import TemplateSandbox

MAX_TEMPLATE_BYTES = 64 << 10
"""Compiling one that large takes half a second; those of well-known models are below 32 KiB."""

DEFAULT_TEMPLATE = """\
{% for message in messages %}
{% if message.role == 'system' %}
{{ message.content }}

{% elif message.role == 'user' %}
User: {{ message.content }}

{% else %}
Assistant: {{ message.content }}

{% endif %}
{% endfor %}
{% if add_generation_prompt %}
Assistant:
{%- endif %}"""
"""For files without a template, which are mostly models not trained to chat.

A line of its own for the answer was tried: Gemma 3 270M then repeats the question.
"""

PLAIN_STOPS = ("\nUser:", "\nAssistant:")
"""Where an answer laid out by DEFAULT_TEMPLATE ends."""

_FAILURES = (
    TemplateError,
    TypeError,
    ValueError,
    LookupError,
    AttributeError,
    ArithmeticError,
    RecursionError,
    MemoryError,
    SyntaxError,
)


class PromptPiece(Struct, frozen=True):
    """A stretch of the prompt: the template's own (`turn` None), or message `turn` verbatim.

    `thinking` marks what was thought before that message. A space that the template puts before a
    message stands in the message's piece: tokenizers make one token of it and the first word, and a
    model begins its answer with that token.
    """

    text: str
    turn: int | None
    thinking: bool = False


class _Message(Struct, frozen=True):
    """What a template sees of one or more messages of the same role."""

    role: str
    content: str
    thinking: str = ""

    def fields(self) -> dict[str, str]:
        """Return it in the names templates use; thinking has two, by its makers."""
        fields = {"role": self.role, "content": self.content}
        if self.thinking:
            fields |= {"reasoning_content": self.thinking, "thinking": self.thinking}
        return fields


class _Lost(Exception):  # noqa: N818 - becomes a ModelError before anyone sees it
    """A template left a message out."""


def render_template(
    template: str,
    messages: Sequence[tuple[str, str]],
    variables: Mapping[str, object],
    *,
    file: str = "",
    thoughts: Mapping[int, str] = MappingProxyType({}),
    clock: Callable[[], float] = time.monotonic,
) -> tuple[PromptPiece, ...]:
    """Lay out `messages` of (role, content), contents stripped. Raises ModelError(TEMPLATE_FAILED).

    `variables` are what else a template may ask for, in the names of Hugging Face's; `thoughts`
    what was thought before a message, by its place. A template that refuses or leaves out a system
    message gets it at the head of the first question; one that wants strict alternation gets
    neighbours of the same role as one message.
    """
    token = secrets.token_hex(16)
    contents = [content.strip() for _role, content in messages]
    held = [
        _held(role, f"{token}{index:06d}", content=contents[index], thinks=index in thoughts)
        for index, (role, _content) in enumerate(messages)
    ]
    guard = RenderGuard(clock)
    failure: Exception | None = None
    for attempt in _attempts(held):
        told = {"tools": None, "documents": None, **variables}
        told["messages"] = [message.fields() for message in attempt]
        try:
            return _cut(_render_once(template, told, guard), token, contents, thoughts)
        except (*_FAILURES, _Lost) as error:
            failure = failure or error
            if isinstance(error, SecurityError):
                break
    named = file or _("the model file")
    raise ModelError(ErrorCode.TEMPLATE_FAILED, file=named, detail=_reason(failure)) from failure


def check_template(template: str) -> None:
    """Lay a small chat out. Raises ModelError(TEMPLATE_REFUSED) for a template that can't."""
    chat = (("system", "s"), ("user", "q"), ("assistant", "a"), ("user", "r"))
    variables = {"bos_token": "", "eos_token": "", "add_generation_prompt": True}
    try:
        render_template(template, chat, variables)
    except ModelError as error:
        raise ModelError(ErrorCode.TEMPLATE_REFUSED, detail=error.facts["detail"]) from error


def _held(role: str, placeholder: str, *, content: str, thinks: bool) -> _Message:
    return _Message(role, placeholder if content else "", f"{placeholder}t" if thinks else "")


def _render_once(template: str, variables: dict[str, object], guard: RenderGuard) -> str:
    if len(template.encode(errors="replace")) > MAX_TEMPLATE_BYTES:
        raise ValueError(_("it is too long"))
    sandbox, compiled = _compiled(template)
    sandbox.guard = guard
    return compiled.render(variables)


@functools.lru_cache(maxsize=4)
def _compiled(template: str) -> tuple[TemplateSandbox, Template]:
    sandbox = TemplateSandbox()
    return sandbox, sandbox.from_string(template)


def _attempts(messages: list[_Message]) -> list[list[_Message]]:
    """Return the ways to hand the messages over, the plainest first."""
    ways: list[list[_Message]] = []
    for way in (
        messages,
        _merge_neighbours(messages),
        _merge_neighbours(_without_system(messages)),
    ):
        if way not in ways:
            ways.append(way)
    return ways


def _without_system(messages: list[_Message]) -> list[_Message]:
    return [
        _Message("user", message.content) if message.role == "system" else message
        for message in messages
    ]


def _merge_neighbours(messages: list[_Message]) -> list[_Message]:
    merged: list[_Message] = []
    for message in messages:
        if merged and merged[-1].role == message.role:
            parts = [part for part in (merged[-1].content, message.content) if part]
            merged[-1] = _Message(message.role, "\n\n".join(parts))  # neighbours' thinking goes
        else:
            merged.append(message)
    return merged


def _cut(
    text: str, token: str, contents: list[str], thoughts: Mapping[int, str]
) -> tuple[PromptPiece, ...]:
    """Cut `text` at the placeholders, each with the space before it. Raises _Lost."""
    pieces: list[PromptPiece] = []
    parts = re.split(rf"( ?){token}(\d{{6}})(t?)", text)
    for own, space, number, thinking in zip(*(parts[n::4] for n in range(4)), strict=False):
        if own:
            pieces.append(PromptPiece(own, None))
        turn = int(number)
        content = thoughts[turn].strip() if thinking else contents[turn]
        pieces.append(PromptPiece(space + content, turn, thinking=bool(thinking)))
    if parts[-1]:
        pieces.append(PromptPiece(parts[-1], None))
    there = {piece.turn for piece in pieces if not piece.thinking}
    if any(content and index not in there for index, content in enumerate(contents)):
        raise _Lost(_("it leaves out a message"))
    return tuple(pieces)


def _reason(error: Exception | None) -> str:
    text = str(error).strip().splitlines()
    return text[0][:200] if text else type(error).__name__
