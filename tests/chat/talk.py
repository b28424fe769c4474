"""Short conversations for the tests of what is done with chats."""

from core.chat.conversations.conversation import Conversation, Role, Turn, TurnState
from core.chat.store.chat_database import ChatDatabase


def say(
    chats: ChatDatabase,
    question: str,
    answer: str = "",
    *,
    chat: Conversation | None = None,
    state: TurnState = TurnState.DONE,
) -> Conversation:
    """Save a question with its answer, in a chat of its own if none is given."""
    chat = chat or chats.new_conversation(question)
    number = len(chat.turns)
    asked = Turn(
        turn_id=f"{chat.chat_id}-{number}",
        parent_id=chat.leaf_id,
        role=Role.USER,
        state=TurnState.DONE,
        text=question,
        created=1.0,
    )
    given = Turn(
        turn_id=f"{chat.chat_id}-{number + 1}",
        parent_id=asked.turn_id,
        role=Role.ASSISTANT,
        state=state,
        text=answer,
        raw=answer,
        created=2.0,
        model="m",
        fingerprint="f",
    )
    chat = chat.with_turn(asked).with_turn(given)
    chats.save_turns(chat, [asked, given])
    return chat
