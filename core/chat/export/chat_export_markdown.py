"""Markdown export: chats as Markdown, with numbered sources under each answer."""

import re
from collections.abc import Iterator, Sequence

from core.base.i18n import _
from core.base.lazy_regex import lazy_pattern
from core.chat.conversations.conversation import Conversation, Role, Source, Turn
from core.chat.export.export_labels import (
    ending_label,
    format_time,
    marks_legend,
    source_location,
    speaker_name,
    with_citation_marks,
)

_FENCE = lazy_pattern(r" {0,3}(```|~~~)")
_LOADED = lazy_pattern(
    r"!(?=\[)|<(?=(?:img|picture|source|video|audio|iframe|object|embed)\b)", re.IGNORECASE
)
"""What a viewer of Markdown would fetch from another machine when it shows the text."""
_SPECIAL = lazy_pattern(r"([\\`*_\[\]<>#|~])")


def chats_to_markdown(chats: Sequence[Conversation], *, sources: bool) -> str:
    """Return all chats in one text."""
    parts = [part for chat in chats for part in _chat(chat, sources=sources)]
    return "\n\n".join(parts) + "\n"


def _chat(chat: Conversation, *, sources: bool) -> Iterator[str]:
    yield f"# {_plain(chat.title)}"
    if chat.chat_style.system:
        yield "\n".join([f"**{_('Instructions')}**", "", chat.chat_style.system])
    for turn in chat.path():
        if turn.role is not Role.SYSTEM:
            yield from _turn(turn, sources=sources)


def _turn(turn: Turn, *, sources: bool) -> Iterator[str]:
    ended = ending_label(turn)
    label = f"{format_time(turn.created)} ({ended})" if ended else format_time(turn.created)
    yield f"## {_plain(speaker_name(turn))}, {label}"
    text = with_citation_marks(turn, " [", "]") if sources else turn.text
    if text.strip():
        yield _without_pictures(text.strip("\n"))
    if sources and (legend := marks_legend(turn)):
        yield f"*{_plain(legend)}*"
    if turn.note:
        yield f"*{_plain(turn.note)}*"
    if sources and turn.sources:
        yield f"**{_('Sources')}**"
        yield from (_source(source) for source in turn.sources)


def _without_pictures(text: str) -> str:
    """Return Markdown whose pictures are links: showing it must not tell anybody that it is read.

    Code is left as it is: nothing in it is shown as a picture.
    """
    lines, in_code = [], False
    for line in text.split("\n"):
        fence = _FENCE.match(line) is not None
        in_code ^= fence
        lines.append(line if in_code or fence else _LOADED.sub(_escaped, line))
    return "\n".join(lines)


def _escaped(found: re.Match[str]) -> str:
    return "" if found[0] == "!" else "&lt;"


def _source(source: Source) -> str:
    quoted = "\n".join(f"> {line}".rstrip() for line in source.text.splitlines())
    return f"[{source.n}] {_plain(source_location(source))}\n\n{quoted}".rstrip()


def _plain(words: str) -> str:
    """Return words on one line, with Markdown escaped."""
    return _SPECIAL.sub(r"\\\1", " ".join(words.split()))
