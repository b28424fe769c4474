"""Chat template rendering that separates the text of messages from the template's own text.

The template gets secret placeholders instead of contents, and the rendered text is split at them.
So a document with `<|im_end|>` stays a document: its text never passes through the template, and
the tokenizer knows which pieces may have control tokens. The thinking of an earlier answer is
passed beside its content: a template that removes thinking from contents finds none, and one that
keeps thinking asks for it.
"""

import functools
import json
import re
import secrets
import time
from collections.abc import Container, Mapping, Sequence
from types import MappingProxyType

from jinja2 import Template
from jinja2.exceptions import SecurityError, TemplateError
from msgspec import Struct, structs

from core.base.clock import Clock
from core.base.errors import ErrorCode, ModelError
from core.base.i18n import _
from core.engine.chat_template.template_limits import RenderGuard
from core.engine.chat_template.template_sandbox import TemplateSandbox
from core.engine.chat_template.tool_turns import NO_TOOLS, TemplateTools, VerbatimTexts
from core.messages import SYSTEM_ROLE, TOOL_ROLE, USER_ROLE

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

    `thinking` marks the thinking before that message; `is_verbatim` marks text of tools, in which
    control tokens are not to be found either. A space that the template puts before a
    message belongs to the message's piece: tokenizers make one token of it and the first word, and
    a model begins its answer with that token.
    """

    text: str
    turn: int | None
    thinking: bool = False
    is_verbatim: bool = False


class _Message(Struct, frozen=True):
    """One or more messages of the same role, as a template gets them."""

    role: str
    content: str
    thinking: str = ""
    calls: tuple[Mapping[str, object], ...] = ()
    """Calls of tools, as templates get them."""
    result_of: tuple[str, str] = ("", "")
    """Name of the tool and of the call that a message of a tool is the result of."""

    def fields(self) -> dict[str, object]:
        """Return the variables of a template; thinking has two names, by model makers."""
        fields: dict[str, object] = {"role": self.role, "content": self.content}
        if self.calls:
            fields["tool_calls"] = list(self.calls)
        if self.role == TOOL_ROLE:
            fields |= dict(zip(("name", "tool_call_id"), self.result_of, strict=True))
        if self.thinking:
            fields |= {"reasoning_content": self.thinking, "thinking": self.thinking}
        return fields

    def may_join(self, other: "_Message") -> bool:
        """Return whether a template that wants roles to alternate gets both as one."""
        has_tools = self.calls or other.calls or self.role == TOOL_ROLE
        return self.role == other.role and not has_tools


class _MessageLost(Exception):  # noqa: N818 - is converted to a ModelError
    """A template left a message out."""


def render_template(
    template: str,
    messages: Sequence[tuple[str, str]],
    variables: Mapping[str, object],
    *,
    file: str = "",
    thoughts: Mapping[int, str] = MappingProxyType({}),
    tools: TemplateTools = NO_TOOLS,
    clock: Clock = time.thread_time,
) -> tuple[PromptPiece, ...]:
    """Render `messages` of (role, content), contents stripped. Raises ModelError(TEMPLATE_FAILED).

    `variables` are further variables of the template, by Hugging Face's names; `thoughts` is the
    thinking before a message, by its index. If the template refuses or leaves out a system message,
    that is put before the first question; if it requires strict alternation, neighbours of the same
    role become one message. One that takes a single call at a time gets them one after the other,
    and one that takes no words beside a call gets none.
    """
    token = secrets.token_hex(16)
    contents = [content.strip() for _role, content in messages]
    texts = VerbatimTexts(token, tools.is_hostile)
    placeholders = [
        _placeholder_message((role, content), index, texts, tools, thinks=index in thoughts)
        for index, (role, content) in enumerate(messages)
    ]
    offered = [texts.guard(tool) for tool in tools.offered] or None
    splitter = _Splitter(token, contents, thoughts, texts, tools.results)
    guard = RenderGuard(clock)
    failure: Exception | None = None
    for attempt in _attempts(placeholders):
        names = {"tools": offered, "documents": None, **variables}
        names["messages"] = [message.fields() for message in attempt]
        try:
            return splitter.split(_render_once(template, names, guard), attempt)
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


def _placeholder_message(
    message: tuple[str, str],
    index: int,
    texts: VerbatimTexts,
    tools: TemplateTools,
    *,
    thinks: bool,
) -> _Message:
    placeholder = f"{texts.token}{index:06d}"
    tool, call = tools.results.get(index, ("", ""))
    return _Message(
        role=message[0],
        content=placeholder if message[1].strip() else "",
        thinking=f"{placeholder}t" if thinks else "",
        calls=tuple(texts.guard(call) for call in tools.calls.get(index, ())),
        result_of=(texts.guard(tool), texts.guard(call)),
    )


def render_text(
    template: str,
    messages: Sequence[Mapping[str, object]],
    variables: Mapping[str, object],
    clock: Clock = time.thread_time,
) -> str:
    """Render messages exactly as given. Raises ModelError(TEMPLATE_FAILED)."""
    names = {"tools": None, "documents": None, **variables, "messages": list(messages)}
    try:
        return _render_once(template, names, RenderGuard(clock))
    except _FAILURES as error:
        detail = _reason(error)
        raise ModelError(ErrorCode.TEMPLATE_FAILED, file="", detail=detail) from error


def _render_once(template: str, variables: dict[str, object], guard: RenderGuard) -> str:
    if len(template.encode(errors="replace")) > MAX_TEMPLATE_BYTES:
        raise ValueError(_("it is too long"))
    sandbox, compiled = _compiled(template, guard.clock)
    sandbox.guard = guard
    return compiled.render(variables)


@functools.lru_cache(maxsize=4)
def _compiled(template: str, clock: Clock) -> tuple[TemplateSandbox, Template]:
    sandbox = TemplateSandbox(RenderGuard(clock))
    return sandbox, sandbox.from_string(template)


def _attempts(messages: list[_Message]) -> list[list[_Message]]:
    """Return the variants of the messages to try, unchanged ones first."""
    bases = [messages]
    if any(message.calls for message in messages):
        single = _one_call_each(messages)
        bases += [single, _without_words(messages), _without_words(single)]
    variants: list[list[_Message]] = []
    for base in bases:
        for variant in (base, _merge_neighbours(base), _merge_neighbours(_without_system(base))):
            if variant not in variants:
                variants.append(variant)
    return variants


def _without_system(messages: list[_Message]) -> list[_Message]:
    return [
        structs.replace(message, role=USER_ROLE) if message.role == SYSTEM_ROLE else message
        for message in messages
    ]


def _one_call_each(messages: list[_Message]) -> list[_Message]:
    """Return the messages with each call before its own result, without calls that have none."""
    apart: list[_Message] = []
    waiting: list[_Message] = []
    for message in messages:
        if message.role != TOOL_ROLE:
            waiting = []
        elif waiting:
            apart.append(waiting.pop(0))
        if len(message.calls) > 1:
            first, *rest = message.calls
            waiting = [
                structs.replace(message, calls=(first,)),
                *(_Message(message.role, "", calls=(call,)) for call in rest),
            ]
            continue
        apart.append(message)
    return apart


def _without_words(messages: list[_Message]) -> list[_Message]:
    return [
        structs.replace(message, content="") if message.calls else message for message in messages
    ]


def _merge_neighbours(messages: list[_Message]) -> list[_Message]:
    merged: list[_Message] = []
    for message in messages:
        if merged and merged[-1].may_join(message):
            parts = [part for part in (merged[-1].content, message.content) if part]
            merged[-1] = _Message(
                message.role, "\n\n".join(parts)
            )  # without the thinking of neighbours
        else:
            merged.append(message)
    return merged


class _Splitter:
    """Finds the placeholders in what a template has made of them."""

    def __init__(
        self,
        token: str,
        contents: Sequence[str],
        thoughts: Mapping[int, str],
        texts: VerbatimTexts,
        results: Container[int],
    ) -> None:
        """`results` are the messages of tools, which some templates put into JSON."""
        self._results = results
        self._token = token
        self._contents = contents
        self._thoughts = thoughts
        self._texts = texts

    def split(self, text: str, messages: Sequence[_Message]) -> tuple[PromptPiece, ...]:
        """Split `text` at the placeholders, each with the space before it. Raises _MessageLost."""
        pieces: list[PromptPiece] = []
        parts = re.split(rf"( ?){self._token}(\d{{6}})([tv]?)", text)
        for place in range(0, len(parts) - 1, 4):
            own, space, number, kind, after = parts[place : place + 5]
            if own:
                pieces.append(PromptPiece(own, None))
            is_quoted = own.endswith('"') and not space and after.startswith('"')
            pieces.append(self._piece(space, int(number), kind, is_quoted=is_quoted))
        if parts[-1]:
            pieces.append(PromptPiece(parts[-1], None))
        present = {piece.turn for piece in pieces if not piece.thinking}
        given = "\n".join(message.content for message in messages)
        expected = {int(number) for number in re.findall(rf"{self._token}(\d{{6}})", given)}
        if not expected <= present:
            raise _MessageLost(_("it leaves out a message"))
        return tuple(pieces)

    def _piece(self, space: str, number: int, kind: str, *, is_quoted: bool) -> PromptPiece:
        if kind == "v":
            text = self._texts.text(number, is_quoted=is_quoted)
            return PromptPiece(space + text, None, is_verbatim=True)
        content = self._thoughts[number].strip() if kind else self._contents[number]
        if is_quoted and number in self._results:
            content = json.dumps(content, ensure_ascii=False)[1:-1]
        return PromptPiece(space + content, number, thinking=bool(kind))


def _reason(error: Exception | None) -> str:
    text = str(error).strip().splitlines()
    return text[0][:200] if text else type(error).__name__
