"""Context of a comparison: the open chat, and folders, files and style of its next question."""

from msgspec import Struct

from core.chat.conversations.chat_style import ChatStyle


class CompareContext(Struct, frozen=True, kw_only=True):
    """`chat_id` is "" for a chat that is not saved yet; `files` are absolute paths.

    `server` names the one that would answer, "" for a model of this computer.
    """

    chat_id: str
    folder_ids: tuple[str, ...]
    files: tuple[str, ...]
    chat_style: ChatStyle
    is_temporary: bool
    server: str
