"""Chat template rendering that separates the text of messages from the template's own text.

The template gets secret placeholders instead of contents, and the rendered text is split at them.
So a document with `<|im_end|>` stays a document: its text never passes through the template, and
the tokenizer knows which pieces may have control tokens. The thinking of an earlier answer is
passed beside its content: a template that removes thinking from contents finds none, and one that
keeps thinking asks for it.
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
"""Compiling one of this size takes half a second; those of well-known models are below 32 KiB."""

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
"""For files without a template, mostly models that were not trained to chat.

With a line break before the answer, Gemma 3 270M repeats the question.
"""

PLAIN_STOPS = ("\nUser:", "\nAssistant:")
"""Stop strings of answers with DEFAULT_TEMPLATE."""

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
    """A piece of the prompt: the template's own text (`turn` None), or message `turn` verbatim.

    `thinking` marks the thinking before that message. A space that the template puts before a
    message belongs to the message's piece: tokenizers make one token of it and the first word, and
    a model begins its answer with that token.
    """

    text: str
    turn: int | None
    thinking: bool = False


class _Message(Struct, frozen=True):
    """One or more messages of the same role, as a template gets them."""

    role: str
    content: str
    thinking: str = ""

    def fields(self) -> dict[str, str]:
        """Return the variables of a template; thinking has two names, by model makers."""
        fields = {"role": self.role, "content": self.content}
        if self.thinking:
            fields |= {"reasoning_content": self.thinking, "thinking": self.thinking}
        return fields


class _MessageLost(Exception):  # noqa: N818 - is converted to a ModelError
    """A template left a message out."""


def render_template(
    template: str,
    messages: Sequence[tuple[str, str]],
    variables: Mapping[str, object],
    *,
    file: str = "",
    thoughts: Mapping[int, str] = MappingProxyType({}),
    clock: Callable[[], float] = time.thread_time,
) -> tuple[PromptPiece, ...]:
    """Render `messages` of (role, content), contents stripped. Raises ModelError(TEMPLATE_FAILED).

    `variables` are further variables of the template, by Hugging Face's names; `thoughts` is the
    thinking before a message, by its index. If the template refuses or leaves out a system message,
    that is put before the first question; if it requires strict alternation, neighbours of the same
    role become one message.
    """
    token = secrets.token_hex(16)
    contents = [content.strip() for _role, content in messages]
    placeholders = [
        _placeholder_message(
            role, f"{token}{index:06d}", content=contents[index], thinks=index in thoughts
        )
        for index, (role, _content) in enumerate(messages)
    ]
    guard = RenderGuard(clock)
    failure: Exception | None = None
    for attempt in _attempts(placeholders):
        names = {"tools": None, "documents": None, **variables}
        names["messages"] = [message.fields() for message in attempt]
        try:
            return _split(_render_once(template, names, guard), token, contents, thoughts)
        except (*_FAILURES, _MessageLost) as error:
            failure = failure or error
            if isinstance(error, SecurityError):
                break
    named = file or _("the model file")
    raise ModelError(ErrorCode.TEMPLATE_FAILED, file=named, detail=_reason(failure)) from failure


def check_template(template: str) -> None:
    """Render a small chat. Raises ModelError(TEMPLATE_REFUSED) if the template fails."""
    chat = (("system", "s"), ("user", "q"), ("assistant", "a"), ("user", "r"))
    variables = {"bos_token": "", "eos_token": "", "add_generation_prompt": True}
    try:
        render_template(template, chat, variables)
    except ModelError as error:
        raise ModelError(ErrorCode.TEMPLATE_REFUSED, detail=error.facts["detail"]) from error


def _placeholder_message(role: str, placeholder: str, *, content: str, thinks: bool) -> _Message:
    return _Message(role, placeholder if content else "", f"{placeholder}t" if thinks else "")


def _render_once(template: str, variables: dict[str, object], guard: RenderGuard) -> str:
    if len(template.encode(errors="replace")) > MAX_TEMPLATE_BYTES:
        raise ValueError(_("it is too long"))
    sandbox, compiled = _compiled(template, guard.clock)
    sandbox.guard = guard
    return compiled.render(variables)


@functools.lru_cache(maxsize=4)
def _compiled(template: str, clock: Callable[[], float]) -> tuple[TemplateSandbox, Template]:
    sandbox = TemplateSandbox(RenderGuard(clock))
    return sandbox, sandbox.from_string(template)


def _attempts(messages: list[_Message]) -> list[list[_Message]]:
    """Return the variants of the messages to try, unchanged ones first."""
    variants: list[list[_Message]] = []
    for variant in (
        messages,
        _merge_neighbours(messages),
        _merge_neighbours(_without_system(messages)),
    ):
        if variant not in variants:
            variants.append(variant)
    return variants


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
            merged[-1] = _Message(
                message.role, "\n\n".join(parts)
            )  # without the thinking of neighbours
        else:
            merged.append(message)
    return merged


def _split(
    text: str, token: str, contents: list[str], thoughts: Mapping[int, str]
) -> tuple[PromptPiece, ...]:
    """Split `text` at the placeholders, each with the space before it. Raises _MessageLost."""
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
    present = {piece.turn for piece in pieces if not piece.thinking}
    if any(content and index not in present for index, content in enumerate(contents)):
        raise _MessageLost(_("it leaves out a message"))
    return tuple(pieces)


def _reason(error: Exception | None) -> str:
    text = str(error).strip().splitlines()
    return text[0][:200] if text else type(error).__name__
