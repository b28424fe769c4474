"""ChatGPT history: `conversations.json` of a data export, each chat a tree of messages."""

from collections.abc import Iterator, Mapping
from typing import Any

from core.base.i18n import _
from core.chat.history.foreign_chat import (
    ForeignChat,
    ForeignTurn,
    MalformedChatError,
    Record,
)
from core.chat.history.json_values import items_of, names_of, record_of, text_of, time_of

_REASONING = {"thoughts", "reasoning_recap"}
_PICTURES = {"image_asset_pointer", "audio_asset_pointer", "video_container_asset_pointer"}


class ChatGptHistory:
    """Messages are nodes of `mapping`; some hold none, or what a tool said."""

    name = "ChatGPT"

    def recognizes(self, record: Record) -> bool:
        """Return whether an object holds a tree of messages."""
        return "mapping" in record

    def read_chat(self, record: Record, file: str) -> ForeignChat:
        """Return the chat of an export."""
        mapping = record_of(record, "mapping")
        chat_id = text_of(record, "conversation_id", "id")
        if not mapping:
            raise MalformedChatError(_("it holds no messages"))
        created = time_of(record, "create_time")
        return ForeignChat(
            program=self.name,
            chat_id=chat_id or f"{file} {created} {next(iter(mapping))}",
            title=text_of(record, "title"),
            created=created,
            updated=time_of(record, "update_time"),
            turns=tuple(
                _turn(node_id, node) for node_id, node in mapping.items() if isinstance(node, dict)
            ),
            leaf_id=text_of(record, "current_node"),
        )


def _turn(node_id: str, node: Mapping[str, Any]) -> ForeignTurn:
    message, parent_id = record_of(node, "message"), text_of(node, "parent") or None
    content, metadata = record_of(message, "content"), record_of(message, "metadata")
    role = text_of(record_of(message, "author"), "role")
    kind = text_of(content, "content_type")
    words = "\n".join(_words(content)).strip()
    is_reasoning = kind in _REASONING
    for_a_tool = role == "assistant" and text_of(message, "recipient") not in {"", "all"}
    is_hidden = bool(metadata.get("is_visually_hidden_from_conversation")) or role == "system"
    attachments = tuple(names_of(items_of(metadata, "attachments"), "name"))
    pictures = tuple(
        text_of(part, "asset_pointer").rpartition("/")[2]
        for part in items_of(content, "parts")
        if text_of(part, "content_type") in _PICTURES
    )
    shown = role in {"user", "assistant"} and not is_reasoning and not for_a_tool and not is_hidden
    return ForeignTurn(
        turn_id=node_id,
        parent_id=parent_id,
        is_question=role == "user",
        text=words if shown else "",
        created=time_of(message, "create_time"),
        thinking="" if shown or is_hidden or role == "user" else words,
        model=text_of(metadata, "model_slug", "default_model_slug"),
        attachments=attachments or tuple(filter(None, pictures)),
        is_shown=shown and bool(words or attachments or pictures),
    )


def _words(content: Mapping[str, Any]) -> Iterator[str]:
    """Yield the texts of a message, whatever its kind."""
    for part in items_of(content, "parts"):
        if isinstance(part, str):
            yield part
        elif words := text_of(part, "text"):
            yield words
    for thought in items_of(content, "thoughts"):
        yield "\n".join(filter(None, (text_of(thought, "summary"), text_of(thought, "content"))))
    yield text_of(content, "text", "result", "content")
