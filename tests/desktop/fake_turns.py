"""The fake application's single turns: the real tree, on chats in memory."""

from collections.abc import Callable

from msgspec import structs

from core.app.chats.turn_service import AnswerDetails
from core.app.events.app_events import AnswerStarted, ChatsChanged
from core.chat.answering.answer_request import AnswerRedo
from core.chat.conversations import turn_tree
from core.chat.conversations.conversation import Conversation, Role, SentPrompt, Turn
from tests.desktop.fake_base import FakeBase
from tests.desktop.fake_chats import FakeChats
from tests.desktop.fake_values import source


class FakeTurns:
    """Records each call; `ask` of the fake begins the answers."""

    def __init__(
        self, fake: FakeBase, chats: FakeChats, begin: Callable[..., AnswerStarted]
    ) -> None:
        self._fake = fake
        self._begin = begin
        self._chats = chats
        self._number = 0

    def regenerate_answer(
        self, chat_id: str, turn_id: str, *, folder_ids: tuple[str, ...] = (), when_full: str = ""
    ) -> AnswerStarted:
        """Begin another answer."""
        question = self._question(chat_id, turn_id)
        return self._ask(
            "again", chat_id, question.text, folder_ids, when_full, AnswerRedo(question=question)
        )

    def continue_answer(self, chat_id: str, turn_id: str) -> AnswerStarted:
        """Go on."""
        begun = self._chat(chat_id).turns[turn_id]
        redo = AnswerRedo(question=self._question(chat_id, turn_id), begun=begun)
        return self._ask("resume", chat_id, redo.question.text, (), "", redo)

    def edit_question(
        self, chat_id: str, turn_id: str, text: str, *, folder_ids: tuple[str, ...] = ()
    ) -> AnswerStarted:
        """Ask in other words."""
        chat = self._chat(chat_id)
        self._put(structs.replace(chat, leaf_id=chat.turns[turn_id].parent_id))
        return self._ask("edit_question", chat_id, text, folder_ids, "", None)

    def edit_answer(self, chat_id: str, turn_id: str, text: str) -> Turn:
        """Put another wording beside it."""
        self._fake.refuse()
        self._number += 1
        chat = self._chat(chat_id)
        made = structs.replace(chat.turns[turn_id], turn_id=f"edited-{self._number}", text=text)
        made = structs.replace(made, created=made.created + 1, citations=(), note="Edited by you.")
        self._put(chat.with_turn(made))
        return made

    def show_version(self, chat_id: str, turn_id: str, by: int) -> None:
        """Show another version."""
        chat = self._chat(chat_id)
        there = turn_tree.turn_versions(chat, turn_id)
        leaf = turn_tree.latest_leaf(chat, there[there.index(turn_id) + by])
        self._put(structs.replace(chat, leaf_id=leaf))

    def branch_chat(self, chat_id: str, turn_id: str) -> str:
        """Copy a path."""
        self._fake.refuse()
        path = turn_tree.path_to(self._chat(chat_id), turn_id)
        names = [f"copy-{turn.turn_id}" for turn in path]
        made = self._chats.put("branch", turn_tree.path_with_new_ids(path, names))
        self._fake.emit(ChatsChanged())
        return made

    def delete_turn(self, chat_id: str, turn_id: str) -> turn_tree.TurnRemoval:
        """Delete a turn."""
        self._fake.refuse()
        removed = turn_tree.plan_removal(self._chat(chat_id), turn_id)
        self._put(turn_tree.apply_removal(self._chat(chat_id), removed))
        return removed

    def restore_turn(self, removed: turn_tree.TurnRemoval) -> None:
        """Take it back."""
        self._put(turn_tree.undo_removal(self._chat(removed.chat_id), removed))

    def rate_answer(self, chat_id: str, turn_id: str, rating: int, note: str = "") -> None:
        """Keep a rating."""
        self._fake.refuse()
        self._fake.calls.append(("rate", turn_id, rating, note))
        chat = self._chat(chat_id)
        rated = structs.replace(chat.turns[turn_id], rating=rating, rating_note=note)
        self._put(chat.with_turn(rated))

    def answer_details(self, chat_id: str, turn_id: str) -> AnswerDetails:
        """Tell everything."""
        prompt = SentPrompt(text="<|im_start|>user\nWhen?", query="watering", cut=(source(9),))
        answer = self._chat(chat_id).turns[turn_id]
        return AnswerDetails(
            question=self._question(chat_id, turn_id), answer=answer, prompt=prompt
        )

    def _ask(
        self,
        call: str,
        chat_id: str,
        text: str,
        folder_ids: tuple[str, ...],
        when_full: str,
        redo: AnswerRedo | None,
    ) -> AnswerStarted:
        self._fake.calls.append((call, chat_id, text))
        return self._begin(
            text, chat_id=chat_id, folder_ids=folder_ids, when_full=when_full, redo=redo
        )

    def _question(self, chat_id: str, turn_id: str) -> Turn:
        chat = self._chat(chat_id)
        turn = chat.turns[turn_id]
        return turn if turn.role is Role.USER or not turn.parent_id else chat.turns[turn.parent_id]

    def _chat(self, chat_id: str) -> Conversation:
        return self._chats.saved[chat_id]

    def _put(self, chat: Conversation) -> None:
        self._chats.saved[chat.chat_id] = chat
