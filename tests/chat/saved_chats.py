"""Saved chats: a question and a long answer each, as tests of damage and of kills write them."""

from collections.abc import Iterable

from core.base.paths import Paths
from core.chat.conversations.conversation import Role, Turn, TurnState
from core.chat.store.chat_database import ChatDatabase

CHATS = 40


def done_turn(turn_id: str, parent_id: str | None, role: Role, text: str) -> Turn:
    return Turn(
        turn_id=turn_id,
        parent_id=parent_id,
        role=role,
        state=TurnState.DONE,
        text=text,
        created=1.0,
        raw=text,
        sent=text,
    )


def save_chats(root: Paths, numbers: Iterable[int] = range(CHATS)) -> dict[str, str]:
    """Write chats with answers that fill pages of their own; return the answers by chat."""
    chats = ChatDatabase(root.chats, root.backups)
    texts = {}
    for number in numbers:
        question = done_turn(f"q{number:03}", None, Role.USER, "What?")
        text = f"answer {number} " * 150
        answer = done_turn(f"q{number:03}a", question.turn_id, Role.ASSISTANT, text)
        chat = chats.new_conversation(f"Chat {number}").with_turn(question).with_turn(answer)
        chats.save_turns(chat, [question, answer])
        texts[chat.chat_id] = text
    chats.close()
    return texts
