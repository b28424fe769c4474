"""The fake application's single turns: the real tree, on chats in memory."""

from collections.abc import Callable

from msgspec import structs

from core.app.events import AnswerStarted, ChatsChanged
from core.app.turns import Details
from core.chat import tree
from core.chat.conversation import Conversation, Role, SentPrompt, Turn
from core.chat.order import Redo
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

    def again(
        self, chat_id: str, turn_id: str, *, folder_ids: tuple[str, ...] = (), when_full: str = ""
    ) -> AnswerStarted:
        """Begin another answer."""
        question = self._question(chat_id, turn_id)
        return self._ask(
            "again", chat_id, question.text, folder_ids, when_full, Redo(question=question)
        )

    def resume(self, chat_id: str, turn_id: str) -> AnswerStarted:
        """Go on."""
        begun = self._chat(chat_id).turns[turn_id]
        redo = Redo(question=self._question(chat_id, turn_id), begun=begun)
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

    def step(self, chat_id: str, turn_id: str, by: int) -> None:
        """Show another version."""
        chat = self._chat(chat_id)
        there = tree.versions(chat, turn_id)
        leaf = tree.latest_leaf(chat, there[there.index(turn_id) + by])
        self._put(structs.replace(chat, leaf_id=leaf))

    def branch(self, chat_id: str, turn_id: str) -> str:
        """Copy a path."""
        self._fake.refuse()
        path = tree.path_to(self._chat(chat_id), turn_id)
        names = [f"copy-{turn.turn_id}" for turn in path]
        made = self._chats.put("branch", tree.renamed_path(path, names))
        self._fake.emit(ChatsChanged())
        return made

    def delete(self, chat_id: str, turn_id: str) -> tree.Removal:
        """Delete a turn."""
        self._fake.refuse()
        removed = tree.removal(self._chat(chat_id), turn_id)
        self._put(tree.without(self._chat(chat_id), removed))
        return removed

    def restore(self, removed: tree.Removal) -> None:
        """Take it back."""
        self._put(tree.with_again(self._chat(removed.chat_id), removed))

    def rate(self, chat_id: str, turn_id: str, rating: int, note: str = "") -> None:
        """Keep a rating."""
        self._fake.refuse()
        self._fake.calls.append(("rate", turn_id, rating, note))
        chat = self._chat(chat_id)
        rated = structs.replace(chat.turns[turn_id], rating=rating, rating_note=note)
        self._put(chat.with_turn(rated))

    def details(self, chat_id: str, turn_id: str) -> Details:
        """Tell everything."""
        prompt = SentPrompt(text="<|im_start|>user\nWhen?", query="watering", cut=(source(9),))
        answer = self._chat(chat_id).turns[turn_id]
        return Details(question=self._question(chat_id, turn_id), answer=answer, prompt=prompt)

    def _ask(
        self,
        call: str,
        chat_id: str,
        text: str,
        folder_ids: tuple[str, ...],
        when_full: str,
        redo: Redo | None,
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
