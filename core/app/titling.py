"""Titles by the model, in the background: while it has nothing else to do, and never remotely."""

from collections.abc import Callable
from typing import Protocol

import uuid_utils

from core.app.events import AppEvent, ChatsChanged
from core.chat.chats import Chats
from core.chat.titles import ask_for_title, title_from
from core.errors import InglenookError
from core.messages import AnswerDone, EngineEvent, Failed, Generate, Hello, ModelLoaded

MOST_TRIES = 2


class EngineCalls(Protocol):
    """What titling asks of the engine on this machine."""

    def generate(self, request: Generate) -> None:
        """Begin to answer."""

    def cancel(self, request_id: str) -> None:
        """Stop answering; AnswerDone still comes."""


class Titling:
    """Belongs to the application, which tells it of answers and asks it to give way.

    A title is asked for only of a model that is loaded here while no answer needs the engine, and
    given up as soon as one does; it is tried again when that has ended. Without a usable one a
    chat keeps the start of its first question. `may_begin` says whether now is such a time.
    """

    def __init__(
        self,
        chats: Chats,
        engine: EngineCalls,
        *,
        may_begin: Callable[[], bool],
        emit: Callable[[AppEvent], None],
    ) -> None:
        self._chats = chats
        self._engine = engine
        self._may_begin = may_begin
        self._emit = emit
        self._due: dict[str, int] = {}  # chats, with how often it was tried
        self._running = self._chat_id = ""
        self._cancelled: set[str] = set()

    def note(self, chat_id: str) -> None:
        """An answer was given in a chat: it may want a title."""
        if self._chats.titled_by_rules(chat_id):
            self._due.setdefault(chat_id, 0)

    def go_on(self) -> None:
        """Begin with the next title if nothing else wants the engine; called often."""
        if not self._due or self._running or self._cancelled or not self._may_begin():
            return
        chat_id, tries = next(iter(self._due.items()))
        request_id = f"title {uuid_utils.uuid7()}"
        try:
            request = ask_for_title(self._chats.load(chat_id), request_id)
        except InglenookError:  # deleted meanwhile
            request = None
        if request is None or tries >= MOST_TRIES:
            del self._due[chat_id]
            return
        self._due[chat_id] = tries + 1
        self._running, self._chat_id = request_id, chat_id
        self._engine.generate(request)

    def give_way(self) -> None:
        """Somebody asks: the engine is theirs."""
        if self._running:
            self._engine.cancel(self._running)
            self._cancelled.add(self._running)
            self._due[self._chat_id] -= 1  # that was no try
            self._running = ""

    def on_engine(self, event: EngineEvent) -> bool:
        """Take what the engine said; returns whether it was about a title."""
        if isinstance(event, Hello | ModelLoaded):
            return False
        ended = isinstance(event, AnswerDone | Failed)
        if event.request_id in self._cancelled:
            if ended:
                self._cancelled.discard(event.request_id)
            return True
        if event.request_id != self._running:
            return False
        if ended:
            self._running = ""
        if isinstance(event, AnswerDone):
            self._take(event)
        return True

    def _take(self, done: AnswerDone) -> None:
        """One request is answered; the same again would be answered the same."""
        self._due.pop(self._chat_id, None)
        try:
            conversation = self._chats.load(self._chat_id)
            title = title_from(done.text, conversation, cut_off=done.stop == "length")
            if title:
                self._chats.suggest_title(self._chat_id, title)
                self._emit(ChatsChanged())
        except InglenookError:  # deleted meanwhile, or a full disk: the old title is one too
            return
