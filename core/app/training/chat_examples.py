"""Chat examples: answers that a person rated well or wrote anew, with what led to each."""

from collections.abc import Callable, Iterable

from msgspec import Struct, structs

from core.base.errors import InglenookError
from core.chat.answering.turn_conversion import turns_for_model
from core.chat.conversations.conversation import Conversation, Turn
from core.chat.store.branch_store import ChosenAnswer
from core.chat.store.chat_database import ChatDatabase
from core.messages import USER_ROLE, ExampleText

RATED, EDITED = "rated", "edited"


class ChatExample(Struct, frozen=True, kw_only=True):
    """An answer that may be learnt from; `reason` is RATED or EDITED.

    `question` is what was asked, as it was typed.
    """

    turn_id: str
    chat_id: str
    title: str
    question: str
    reason: str
    created: float
    text: ExampleText


class ChatExamples:
    """Finds examples in the chats of one root. One thread uses it."""

    def __init__(self, chats: ChatDatabase, system_prompt: Callable[[str], str]) -> None:
        """`system_prompt` returns what a model at a path is told where a chat says nothing."""
        self._chats = chats
        self._system_prompt = system_prompt

    def list_examples(self, model_path: str = "") -> tuple[ChatExample, ...]:
        """Return all examples, as the model at a path reads them; damaged chats are left out."""
        system = self._system_prompt(model_path) if model_path else ""
        by_chat: dict[str, list[ChosenAnswer]] = {}
        for answer in self._chats.branches.chosen_answers():
            by_chat.setdefault(answer.chat_id, []).append(answer)
        found: list[ChatExample] = []
        for chat_id, answers in by_chat.items():
            try:
                chat = self._chats.load_conversation(chat_id)
            except InglenookError:
                continue
            found += _examples_of(chat, _best_versions(chat, answers), system)
        return tuple(found)


def _best_versions(chat: Conversation, answers: Iterable[ChosenAnswer]) -> list[ChosenAnswer]:
    """Return one answer to each question: the newest that the person wrote, else the newest."""
    best: dict[str | None, ChosenAnswer] = {}
    for answer in answers:
        turn = chat.turns.get(answer.turn_id)
        if turn is not None:
            other = best.get(turn.parent_id)
            if other is None or answer.is_edited or not other.is_edited:
                best[turn.parent_id] = answer
    return list(best.values())


def _examples_of(
    chat: Conversation, answers: Iterable[ChosenAnswer], system: str
) -> Iterable[ChatExample]:
    for answer in answers:
        turn = chat.turns.get(answer.turn_id)
        if turn is None or not turn.text.strip() or turn.statistics.is_refused:
            continue
        question = chat.turns.get(turn.parent_id or "")
        text = _text_of(chat, turn, system)
        if question is not None and text.turns and text.turns[-1].role == USER_ROLE:
            yield ChatExample(
                turn_id=turn.turn_id,
                chat_id=chat.chat_id,
                title=chat.title,
                question=question.text,
                reason=EDITED if answer.is_edited else RATED,
                created=turn.created,
                text=text,
            )


def _text_of(chat: Conversation, turn: Turn, system: str) -> ExampleText:
    """Return what the model reads before an answer, and the answer as it wrote it."""
    branch = structs.replace(chat, leaf_id=turn.turn_id)
    leading = chat.chat_style.with_fallback_system_prompt(system).leading_turns()
    before = turns_for_model(branch, turn.turn_id, "")
    turns = (*leading, *(each.turn for each in before))
    return ExampleText(turns=turns, answer=turn.raw or turn.text)
