"""Where a comparison is asked for: the open chat, and how its next question would be answered."""

from msgspec import Struct

from core.chat.manner import Manner


class Place(Struct, frozen=True, kw_only=True):
    """`chat_id` is "" for a chat that isn't begun; `files` are absolute paths.

    `server` names the one that would answer, "" for a model of this computer.
    """

    chat_id: str
    folder_ids: tuple[str, ...]
    files: tuple[str, ...]
    manner: Manner
    is_temporary: bool
    server: str = ""
