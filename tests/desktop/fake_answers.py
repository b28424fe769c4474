"""The fake application's chats and answers."""

import time

from msgspec import structs

from core.app.events import (
    AnswerFailed,
    AnswerFinished,
    AnswerSources,
    AnswerStage,
    AnswerStarted,
    AnswerText,
    ChatsChanged,
    Problem,
)
from core.chat.conversation import Citation, Source, Statistics, TurnState
from tests.desktop.fake_base import FakeBase
from tests.desktop.fake_values import COST, FakeChats, answer, question


class FakeAnswers(FakeBase):
    """`ask` begins an answer; the test goes on with `answer_text` and the like."""

    def __init__(self) -> None:
        super().__init__()
        self.chats = FakeChats()
        self.answering: str | None = None
        self._started: AnswerStarted | None = None
        self._said: list[str] = []
        self._sources: tuple[Source, ...] = ()
        self._number = 0

    def ask(
        self, text: str, *, chat_id: str | None = None, folder_ids: tuple[str, ...] = ()
    ) -> AnswerStarted:
        """Save the question; the answer is the test's to give."""
        self.calls.append(("ask", text, chat_id, folder_ids))
        self.refuse()
        self._number += 1
        n = self._number
        if chat_id is None:
            chat_id = self.chats.put(text[:60], ())
        chat = structs.replace(
            self.chats.saved[chat_id], updated=time.time(), folder_ids=folder_ids
        )
        chat = chat.with_turn(
            structs.replace(question(f"question-{n}", text), parent_id=chat.leaf_id)
        )
        streaming = structs.replace(
            answer(f"answer-{n}", "", state=TurnState.STREAMING), parent_id=chat.leaf_id
        )
        self.chats.saved[chat_id] = chat.with_turn(streaming)
        self._started = AnswerStarted(
            chat_id=chat_id,
            question_id=f"question-{n}",
            turn_id=f"answer-{n}",
            model="smollm2-135m-q4_1",
        )
        self._said, self._sources = [], ()
        self.answering = self._started.turn_id
        self.emit(self._started)
        self.emit(ChatsChanged())
        return self._started

    def delete_chat(self, chat_id: str) -> None:
        """Delete a chat; its answer ends first."""
        self.refuse()
        if self._started and self.answering and self._started.chat_id == chat_id:
            self.stop_answer()
        del self.chats.saved[chat_id]

    def stop_answer(self) -> None:
        """End the answer as it is, at the next pump."""
        self.calls.append(("stop_answer",))
        if self._started is not None:
            self.queue.append(self._finished(statistics=structs.replace(COST, stop="cancelled")))

    def answer_stage(self, stage: str, tokens: int = 0) -> None:
        """Say what the answer waits for."""
        started = self._running()
        self.emit(
            AnswerStage(
                chat_id=started.chat_id, turn_id=started.turn_id, stage=stage, tokens=tokens
            )
        )

    def answer_sources(self, sources: tuple[Source, ...]) -> None:
        """Give the answer its passages."""
        started = self._running()
        self._sources = sources
        self.emit(AnswerSources(chat_id=started.chat_id, turn_id=started.turn_id, sources=sources))

    def answer_text(self, *pieces: str) -> None:
        """Stream."""
        started = self._running()
        for piece in pieces:
            self._said.append(piece)
            self.emit(AnswerText(chat_id=started.chat_id, turn_id=started.turn_id, text=piece))

    def answer_finished(self, citations: tuple[Citation, ...] = (), note: str = "") -> None:
        """End the answer."""
        self.emit(self._finished(citations=citations, note=note))

    def answer_failed(self, message: str, hint: str) -> None:
        """End the answer in a problem."""
        started = self._running()
        self.answering = self._started = None
        problem = Problem(code="engine_died", message=message, hint=hint)
        self._keep(started, TurnState.FAILED, (), message)
        self.emit(AnswerFailed(chat_id=started.chat_id, turn_id=started.turn_id, problem=problem))

    def _finished(
        self,
        *,
        citations: tuple[Citation, ...] = (),
        note: str = "",
        statistics: Statistics = COST,
    ) -> AnswerFinished:
        started = self._running()
        self.answering = self._started = None
        stopped = statistics.stop == "cancelled"
        self._keep(started, TurnState.CANCELLED if stopped else TurnState.DONE, citations, note)
        return AnswerFinished(
            chat_id=started.chat_id,
            turn_id=started.turn_id,
            text="".join(self._said),
            citations=citations,
            sources=self._sources,
            statistics=statistics,
            note=note,
        )

    def _keep(
        self,
        started: AnswerStarted,
        state: TurnState,
        citations: tuple[Citation, ...],
        note: str,
    ) -> None:
        chat = self.chats.saved[started.chat_id]
        turn = structs.replace(
            chat.turns[started.turn_id],
            text="".join(self._said),
            state=state,
            sources=self._sources,
            citations=citations,
            note=note,
        )
        self.chats.saved[started.chat_id] = chat.with_turn(turn)

    def _running(self) -> AnswerStarted:
        assert self._started is not None, "no answer runs"
        return self._started
