"""LM Studio history: a file for each chat, whose messages have versions, and answers steps."""

from collections.abc import Iterator, Mapping
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


class LmStudioHistory:
    """Each version of a message answers the version that is selected of the message before."""

    name = "LM Studio"

    def recognizes(self, record: Record) -> bool:
        """Return whether the messages of an object have versions."""
        messages = items_of(record, "messages")
        return bool(messages) and isinstance(messages[0], dict) and "versions" in messages[0]

    def read_chat(self, record: Record, file: str) -> ForeignChat:
        """Return the chat of a file."""
        created = time_of(record, "createdAt")
        turns: list[ForeignTurn] = []
        parent: str | None = None
        for number, message in enumerate(items_of(record, "messages")):
            versions = [each for each in items_of(message, "versions") if isinstance(each, dict)]
            if not versions:
                continue
            selected = message.get("currentlySelected")
            place = selected if isinstance(selected, int) and 0 <= selected < len(versions) else 0
            turns += [
                _turn(f"{number}.{nth}", parent, version, created)
                for nth, version in enumerate(versions)
            ]
            parent = f"{number}.{place}"
        if not turns:
            raise MalformedChatError(_("it holds no messages"))
        return ForeignChat(
            program=self.name,
            chat_id=f"{created:.3f}" if created else file,
            title=text_of(record, "name"),
            created=created,
            updated=time_of(record, "assistantLastMessagedAt", "userLastMessagedAt"),
            turns=tuple(turns),
            leaf_id=parent or "",
        )


def _turn(
    turn_id: str, parent_id: str | None, version: Mapping[str, Any], created: float
) -> ForeignTurn:
    role = text_of(version, "role")
    words: list[str] = []
    thoughts: list[str] = []
    model = text_of(record_of(version, "senderInfo"), "senderName")
    for step in items_of(version, "steps"):
        found = "".join(_texts(step))
        is_thought = text_of(record_of(step, "style"), "type") == "thinking"
        (thoughts if is_thought else words).append(found)
        facts = record_of(step, "genInfo")
        model = text_of(facts, "indexedModelIdentifier", "identifier") or model
    words += ["".join(_texts(version))]
    tagged, text = split_thinking("\n\n".join(filter(None, words)))
    files = [part for part in items_of(version, "content") if text_of(part, "type") == "file"]
    return ForeignTurn(
        turn_id=turn_id,
        parent_id=parent_id,
        is_question=role == "user",
        text=text,
        created=created,
        thinking="\n\n".join(filter(None, (*thoughts, tagged))),
        model=model if role == "assistant" else "",
        attachments=tuple(names_of(files, "name", "fileName", "fileIdentifier")),
        is_shown=role in {"user", "assistant"},
    )


def _texts(block: object) -> Iterator[str]:
    for part in items_of(block, "content"):
        if text_of(part, "type") == "text":
            yield text_of(part, "text")
