"""Open WebUI history: exported chats, each a tree of messages inside `chat.history`."""

import html
import re
from collections.abc import Mapping
from typing import Any

from core.base.i18n import _
from core.base.lazy_regex import lazy_pattern
from core.chat.history.foreign_chat import (
    ForeignChat,
    ForeignTurn,
    MalformedChatError,
    Record,
)
from core.chat.history.json_values import (
    items_of,
    record_of,
    split_thinking,
    text_of,
    time_of,
)

_REASONING = lazy_pattern(
    r"<details\b[^>]*type=\"reasoning\"[^>]*>\s*(?:<summary>.*?</summary>)?(.*?)</details>\s*",
    re.DOTALL,
)
_QUOTED = lazy_pattern(r"^> ?", re.MULTILINE)


class OpenWebUiHistory:
    """Messages are nodes of `history.messages`, or a list in the chats of early versions."""

    name = "Open WebUI"

    def recognizes(self, record: Record) -> bool:
        """Return whether an object is a chat as this program exports it."""
        chat = record.get("chat")
        return isinstance(chat, dict) and ("history" in chat or "messages" in chat)

    def read_chat(self, record: Record, file: str) -> ForeignChat:
        """Return the chat of an export."""
        chat = record_of(record, "chat")
        history = record_of(chat, "history")
        nodes = {
            key: node
            for key, node in record_of(history, "messages").items()
            if isinstance(node, dict)
        } or _listed(items_of(chat, "messages"))
        if not nodes:
            raise MalformedChatError(_("it holds no messages"))
        created = time_of(record, "created_at") or time_of(chat, "timestamp")
        return ForeignChat(
            program=self.name,
            chat_id=text_of(record, "id") or f"{file} {created} {next(iter(nodes))}",
            title=text_of(chat, "title") or text_of(record, "title"),
            created=created,
            updated=time_of(record, "updated_at"),
            turns=tuple(_turn(key, node) for key, node in nodes.items()),
            leaf_id=text_of(history, "currentId"),
        )


def _listed(messages: list[Any]) -> dict[str, dict[str, Any]]:
    """Return messages that follow each other as nodes."""
    nodes: dict[str, dict[str, Any]] = {}
    last = ""
    for number, message in enumerate(messages):
        if isinstance(message, dict):
            key = text_of(message, "id") or f"{number}"
            nodes[key] = {"parentId": last, **message}
            last = key
    return nodes


def _turn(turn_id: str, node: Mapping[str, Any]) -> ForeignTurn:
    text = text_of(node, "content")
    thoughts = [_QUOTED.sub("", html.unescape(found)).strip() for found in _REASONING.findall(text)]
    tagged, text = split_thinking(_REASONING.sub("", text))
    role = text_of(node, "role")
    files = items_of(node, "files")
    names = (
        text_of(each, "name") or text_of(record_of(each, "file"), "filename", "name")
        for each in files
    )
    return ForeignTurn(
        turn_id=turn_id,
        parent_id=text_of(node, "parentId") or None,
        is_question=role == "user",
        text=text.strip(),
        created=time_of(node, "timestamp"),
        thinking="\n\n".join(filter(None, (*thoughts, tagged))),
        model=text_of(node, "model", "modelName") if role == "assistant" else "",
        attachments=tuple(filter(None, names)),
        is_shown=role in {"user", "assistant"},
    )
