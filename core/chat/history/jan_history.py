"""Jan history: a folder for each thread, with `thread.json` and a line for each message."""

from collections.abc import Mapping, Sequence
from typing import Any

from core.base.i18n import _
from core.chat.history.foreign_chat import (
    ForeignChat,
    ForeignTurn,
    MalformedChatError,
    Record,
)
from core.chat.history.json_values import (
    items_of,
    names_of,
    record_of,
    split_thinking,
    text_of,
    time_of,
)

NAME = "Jan"


def read_thread(thread: Record, messages: Sequence[Mapping[str, Any]], folder: str) -> ForeignChat:
    """Return the chat of a thread's folder. Raises MalformedChatError."""
    if not messages:
        raise MalformedChatError(_("it holds no messages"))
    assistants = items_of(thread, "assistants")
    model = text_of(record_of(assistants[0], "model"), "id") if assistants else ""
    turns: list[ForeignTurn] = []
    last: str | None = None
    for number, message in enumerate(messages):
        turns.append(_turn(text_of(message, "id") or f"{number}", last, message, model))
        last = turns[-1].turn_id
    return ForeignChat(
        program=NAME,
        chat_id=text_of(thread, "id") or folder,
        title=text_of(thread, "title") or text_of(record_of(thread, "metadata"), "title"),
        created=time_of(thread, "created", "created_at"),
        updated=time_of(thread, "updated", "updated_at"),
        turns=tuple(turns),
    )


def _turn(
    turn_id: str, parent_id: str | None, message: Mapping[str, Any], model: str
) -> ForeignTurn:
    words: list[str] = []
    thoughts: list[str] = []
    for part in items_of(message, "content"):
        found = text_of(record_of(part, "text"), "value") or text_of(part, "text")
        (thoughts if text_of(part, "type") == "reasoning" else words).append(found)
    role = text_of(message, "role")
    tagged, text = split_thinking("\n\n".join(filter(None, words)))
    metadata = record_of(message, "metadata")
    return ForeignTurn(
        turn_id=turn_id,
        parent_id=parent_id,
        is_question=role == "user",
        text=text,
        created=time_of(message, "created_at", "completed_at"),
        thinking="\n\n".join(filter(None, (*thoughts, tagged))),
        model=text_of(metadata, "modelId", "model") or model if role == "assistant" else "",
        attachments=tuple(names_of(items_of(message, "attachments"), "name", "file_id")),
        is_shown=role in {"user", "assistant"},
    )
