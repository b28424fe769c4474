"""Chats as files: Markdown and HTML to read, JSON to take in again; PDF comes from the HTML."""

import unicodedata
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path

from core.chat.conversation import Conversation
from core.chat.export_json import json_of
from core.chat.export_markdown import markdown_of
from core.errors import Code, StorageError
from core.patterns import pattern
from core.storage import write_aside

_LONGEST_NAME = 80
_MOST_BYTES = 180
"""Of a name: systems take 255 with all endings, and a letter may have four."""
_UNFIT = pattern(r'[\x00-\x1f\x7f<>:"/\\|?*]+')
_DEVICES = {
    "con",
    "prn",
    "aux",
    "nul",
    *(f"{name}{n}" for name in ("com", "lpt") for n in "123456789"),
}


class Format(StrEnum):
    """What a chat can become; the value ends the file's name."""

    MARKDOWN = "md"
    HTML = "html"
    JSON = "json"


def export(chats: Sequence[Conversation], form: Format, *, sources: bool = True) -> bytes:
    """Return the file's content; `sources`: with the passages the answers stand on.

    JSON always holds everything but the model's own token numbers.
    """
    match form:
        case Format.MARKDOWN:
            return markdown_of(chats, sources=sources).encode(errors="replace")
        case Format.HTML:
            # a Markdown parser, which the window's start has no use for
            from core.chat.export_html import html_of  # noqa: PLC0415

            return html_of(chats, sources=sources).encode(errors="replace")
        case Format.JSON:
            return json_of(chats)


def write_export(path: Path, content: bytes) -> None:
    """Write a file of chats where a person wants it, whole or not at all. Raises StorageError."""
    try:
        write_aside(path, content)
    except StorageError as error:
        if error.code is not Code.ROOT_UNWRITABLE:
            raise
        raise StorageError(Code.EXPORT_REFUSED, **error.facts) from error


def file_name(title: str, ending: str) -> str:
    """Return a name for a chat's file that every system takes."""
    plain = _UNFIT.sub(" ", unicodedata.normalize("NFC", title).encode(errors="replace").decode())
    name = " ".join(plain.split())[:_LONGEST_NAME].encode()[:_MOST_BYTES].decode(errors="ignore")
    name = name.strip(" .") or "chat"
    if name.casefold().split(".")[0] in _DEVICES:
        name = f"chat {name}"
    return f"{name}.{ending}"
