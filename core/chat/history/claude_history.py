"""Claude history: `conversations.json` of a data export, each chat a list of messages."""

from collections.abc import Mapping
from typing import Any

from core.base.i18n import _
from core.chat.history.foreign_chat import (
    ForeignChat,
    ForeignTurn,
    MalformedChatError,
    Record,
)
from core.chat.history.json_values import items_of, names_of, text_of, time_of


class ClaudeHistory:
    """Messages follow each other, or name their parent where a chat has branches."""

    name = "Claude"

    def recognizes(self, record: Record) -> bool:
        """Return whether an object holds messages as this program writes them."""
        return "chat_messages" in record

    def read_chat(self, record: Record, file: str) -> ForeignChat:
        """Return the chat of an export."""
        messages = [each for each in items_of(record, "chat_messages") if isinstance(each, dict)]
        if not messages:
            raise MalformedChatError(_("it holds no messages"))
        model = text_of(record, "model")
        ids = [text_of(each, "uuid") or f"{n}" for n, each in enumerate(messages)]
        known = set(ids)
        turns: list[ForeignTurn] = []
        for number, message in enumerate(messages):
            parent_id = text_of(message, "parent_message_uuid")
            if parent_id and parent_id not in known:
                parent_id = ""  # the root, which is no message
            elif not parent_id:
                parent_id = ids[number - 1] if number else ""
            turns.append(_turn(ids[number], parent_id or None, message, model))
        created = time_of(record, "created_at")
        return ForeignChat(
            program=self.name,
            chat_id=text_of(record, "uuid") or f"{file} {created} {ids[0]}",
            title=text_of(record, "name"),
            created=created,
            updated=time_of(record, "updated_at"),
            turns=tuple(turns),
            leaf_id=text_of(record, "current_leaf_message_uuid"),
        )


def _turn(
    turn_id: str, parent_id: str | None, message: Mapping[str, Any], model: str
) -> ForeignTurn:
    parts = [part for part in items_of(message, "content") if isinstance(part, dict)]
    words = [text_of(part, "text") for part in parts if text_of(part, "type") == "text"]
    thoughts = [text_of(part, "thinking") for part in parts if text_of(part, "type") == "thinking"]
    is_question = text_of(message, "sender") == "human"
    return ForeignTurn(
        turn_id=turn_id,
        parent_id=parent_id,
        is_question=is_question,
        text="\n\n".join(filter(None, words)) or text_of(message, "text"),
        created=time_of(message, "created_at"),
        thinking="\n\n".join(filter(None, thoughts)),
        model="" if is_question else text_of(message, "model") or model,
        attachments=(
            *names_of(items_of(message, "attachments"), "file_name"),
            *names_of(items_of(message, "files"), "file_name"),
        ),
    )
