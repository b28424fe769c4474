"""Chat export: file formats, file names and writing of exported chats."""

import unicodedata
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path

from core.base.atomic_write import write_atomically
from core.base.errors import ErrorCode, StorageError
from core.base.lazy_regex import lazy_pattern
from core.chat.conversations.conversation import Conversation
from core.chat.export.chat_export_json import chats_to_json
from core.chat.export.chat_export_markdown import chats_to_markdown

_LONGEST_NAME = 80
_MOST_BYTES = 180
"""Most bytes of a file name: systems allow 255 with all endings."""
_UNFIT = lazy_pattern(r'[\x00-\x1f\x7f<>:"/\\|?*]+')
_DEVICES = {
    "con",
    "prn",
    "aux",
    "nul",
    *(f"{name}{n}" for name in ("com", "lpt") for n in "123456789"),
}


class ExportFormat(StrEnum):
    """File formats of chats; the value is the file name's ending."""

    MARKDOWN = "md"
    HTML = "html"
    JSON = "json"


def export_content(
    chats: Sequence[Conversation], form: ExportFormat, *, sources: bool = True
) -> bytes:
    """Return the file's content; `sources`: with the passages that answers are based on.

    JSON always holds everything but the model's own token numbers.
    """
    match form:
        case ExportFormat.MARKDOWN:
            return chats_to_markdown(chats, sources=sources).encode(errors="replace")
        case ExportFormat.HTML:
            # It imports a Markdown parser, which would slow the window's start.
            from core.chat.export.chat_export_html import chats_to_html  # noqa: PLC0415

            return chats_to_html(chats, sources=sources).encode(errors="replace")
        case ExportFormat.JSON:
            return chats_to_json(chats)


def write_export(path: Path, content: bytes) -> None:
    """Write a file of chats where a person wants it, whole or not at all. Raises StorageError."""
    try:
        write_atomically(path, content)
    except StorageError as error:
        if error.code is not ErrorCode.ROOT_UNWRITABLE:
            raise
        raise StorageError(ErrorCode.EXPORT_REFUSED, **error.facts) from error


def export_file_name(title: str, ending: str) -> str:
    """Return a name for a chat's file that every system takes."""
    plain = _UNFIT.sub(" ", unicodedata.normalize("NFC", title).encode(errors="replace").decode())
    name = " ".join(plain.split())[:_LONGEST_NAME].encode()[:_MOST_BYTES].decode(errors="ignore")
    name = name.strip(" .") or "chat"
    if name.casefold().split(".")[0] in _DEVICES:
        name = f"chat {name}"
    return f"{name}.{ending}"
