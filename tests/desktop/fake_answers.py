"""The fake application's chats and answers."""

import time
from dataclasses import dataclass, field
from pathlib import Path

from msgspec import structs

from core.app.events.app_events import (
    AnswerFailed,
    AnswerFinished,
    AnswerSources,
    AnswerStage,
    AnswerStarted,
    AnswerSummarised,
    AnswerTextAdded,
    AnswerThinkingAdded,
    ChatsChanged,
    Problem,
)
from core.chat.answering.answer_request import AnswerRedo
from core.chat.conversations.chat_style import DEFAULT_CHAT_STYLE, ChatStyle
from core.chat.conversations.conversation import (
    AnswerStatistics,
    Citation,
    HistorySummary,
    Source,
    Turn,
    TurnState,
)
from core.messages import Adapter
from core.models.info.model_entry import AdapterEntry
from tests.desktop.fake_base import FakeBase
from tests.desktop.fake_chats import FakeArranging, FakeChatDesk, FakeChats, FakeComparing
from tests.desktop.fake_turns import FakeTurns
from tests.desktop.fake_values import COST, answer, question


@dataclass
class Run:
    """An answer on its way, and what was said of it so far."""

    started: AnswerStarted
    said: list[str] = field(default_factory=list)
    thought: list[str] = field(default_factory=list)
    sources: tuple[Source, ...] = ()


class FakeAdapters:
    """The calls about adapters; a file that has the word in it holds one."""

    def __init__(self, fake: FakeBase) -> None:
        self._fake = fake

    def is_adapter_file(self, path: str) -> bool:
        """Look for the word; a file that can't be read has none."""
        return Path(path).is_file() and b"adapter" in Path(path).read_bytes()

    def adapters_for_model(self, path: str) -> tuple[AdapterEntry, ...]:
        """All there are go with every model."""
        return tuple(self._fake.adapters_beside)

    def adapter_for_chosen_model(self, path: str) -> Adapter:
        """Take it as it is."""
        self._fake.refuse()
        return Adapter(path=path)


class FakeAnswers(FakeBase):
    """`ask_question` begins an answer; the test goes on with `answer_text` and the like.

    Those speak of the answer that was begun last, or of the one in `chat`.
    """

    def __init__(self) -> None:
        super().__init__()
        self.chats = FakeChats()
        self.runs: dict[str, Run] = {}
        self.adapters = FakeAdapters(self)
        self.chat_service = FakeChatDesk(self, self.chats)
        self.chat_organizer = FakeArranging(self, self.chats)
        self.comparison = FakeComparing(self)
        self.turns = FakeTurns(self, self.chats, self.ask_question)
        self.asked_adapters: tuple[Adapter, ...] | None = None
        """Those of the last question."""
        self._number = 0
        self.questions = self.answers = self

    @property
    def turn_ids(self) -> tuple[str, ...]:
        """The turns that are being answered."""
        return tuple(run.started.turn_id for run in self.runs.values())

    def ask_question(
        self,
        text: str,
        *,
        chat_id: str | None = None,
        folder_ids: tuple[str, ...] = (),
        files: tuple[str, ...] = (),
        model: str = "",
        adapters: tuple[Adapter, ...] | None = None,
        when_full: str = "",
        temporary: bool = False,
        chat_style: ChatStyle = DEFAULT_CHAT_STYLE,
        redo: AnswerRedo | None = None,
    ) -> AnswerStarted:
        """Save the question; the answer is the test's to give."""
        self.calls.append(("ask", text, chat_id, folder_ids))
        self.refuse()
        self.asked_model = model
        self.asked_adapters = adapters
        self.asked_files = files
        self.asked_when_full = when_full
        self._number = n = self._number + 1
        new = {"temporary": temporary, "chat_style": chat_style}
        chat_id = chat_id or self.chats.put(text[:60], (), **new)  # type: ignore[arg-type]
        self.chats.saved[chat_id] = structs.replace(
            self.chats.saved[chat_id],
            updated=time.time(),
            folder_ids=folder_ids,
            adapters=adapters or (),
        )
        asked, streaming = self._turns(chat_id, text, n, redo)
        started = AnswerStarted(
            chat_id=chat_id,
            question_id=asked.turn_id,
            turn_id=streaming.turn_id,
            model="smollm2-135m-q4_1",
        )
        self.runs[chat_id] = Run(started)
        self.emit(started)
        self.emit(ChatsChanged())
        return started

    def _turns(self, chat_id: str, text: str, n: int, redo: AnswerRedo | None) -> tuple[Turn, Turn]:
        """Add a question and its empty answer to a chat."""
        chat = self.chats.saved[chat_id]
        asked = structs.replace(question(f"question-{n}", text), parent_id=chat.leaf_id)
        if redo is not None:
            asked, chat = redo.question, redo.rewound_conversation(chat)
        streaming = answer(f"answer-{n}", "", state=TurnState.STREAMING)
        streaming = structs.replace(streaming, parent_id=asked.turn_id)
        if redo is not None and redo.begun is not None:
            streaming = structs.replace(redo.begun, state=TurnState.STREAMING)
        self.chats.saved[chat_id] = chat.with_turn(asked).with_turn(streaming)
        return asked, streaming

    def stop_answer(self, turn_id: str | None = None) -> None:
        """End answers as they are, at the next pump."""
        self.calls.append(("stop_answer", turn_id))
        for run in list(self.runs.values()):
            if turn_id in {None, run.started.turn_id}:
                stopped = structs.replace(COST, stop="cancelled")
                self.queue.append(self._finished(run, statistics=stopped))

    def answer_stage(self, stage: str, tokens: int = 0, *, chat: str = "") -> None:
        """Say what the answer waits for."""
        started = self.running(chat).started
        self.emit(
            AnswerStage(
                chat_id=started.chat_id, turn_id=started.turn_id, stage=stage, tokens=tokens
            )
        )

    def answer_summarised(self, last_id: str, text: str) -> None:
        """Sum up the chat of the answer up to one of its turns."""
        started = self.running().started
        chat = self.chats.saved[started.chat_id]
        turns = [turn.turn_id for turn in chat.path()].index(last_id) + 1
        summary = HistorySummary(
            summary_id="s1", last_id=last_id, turns=turns, text=text, created=0.0, model="smollm2"
        )
        self.chats.saved[started.chat_id] = chat.with_summary(summary)
        self.emit(
            AnswerSummarised(chat_id=started.chat_id, turn_id=started.turn_id, summary=summary)
        )

    def answer_sources(self, sources: tuple[Source, ...]) -> None:
        """Give the answer its passages."""
        run = self.running()
        run.sources = sources
        turn_id, chat_id = run.started.turn_id, run.started.chat_id
        self.emit(AnswerSources(chat_id=chat_id, turn_id=turn_id, sources=sources))

    def answer_text(self, *pieces: str, chat: str = "") -> None:
        """Stream."""
        run = self.running(chat)
        turn_id, chat_id = run.started.turn_id, run.started.chat_id
        for piece in pieces:
            run.said.append(piece)
            self.emit(AnswerTextAdded(chat_id=chat_id, turn_id=turn_id, text=piece))

    def answer_thought(self, *pieces: str) -> None:
        """Stream what is thought before the answer."""
        run = self.running()
        turn_id, chat_id = run.started.turn_id, run.started.chat_id
        for piece in pieces:
            run.thought.append(piece)
            self.emit(AnswerThinkingAdded(chat_id=chat_id, turn_id=turn_id, text=piece))

    def answer_finished(
        self,
        citations: tuple[Citation, ...] = (),
        note: str = "",
        *,
        chat: str = "",
        statistics: AnswerStatistics = COST,
    ) -> None:
        """End the answer."""
        run = self.running(chat)
        self.emit(self._finished(run, citations=citations, note=note, statistics=statistics))

    def answer_failed(self, message: str, hint: str, code: str = "engine_died") -> None:
        """End the answer in a problem."""
        run = self.running()
        problem = Problem(code=code, message=message, hint=hint)
        self._keep(run, TurnState.FAILED, (), message)
        started = run.started
        self.emit(AnswerFailed(chat_id=started.chat_id, turn_id=started.turn_id, problem=problem))

    def running(self, chat: str = "") -> Run:
        """Return the answer that was begun last, or the one in a chat."""
        assert self.runs, "no answer runs"
        return self.runs[chat or list(self.runs)[-1]]

    def _finished(
        self,
        run: Run,
        *,
        citations: tuple[Citation, ...] = (),
        note: str = "",
        statistics: AnswerStatistics = COST,
    ) -> AnswerFinished:
        stopped = statistics.stop == "cancelled"
        self._keep(run, TurnState.CANCELLED if stopped else TurnState.DONE, citations, note)
        return AnswerFinished(
            chat_id=run.started.chat_id,
            turn_id=run.started.turn_id,
            text="".join(run.said),
            citations=citations,
            sources=run.sources,
            statistics=statistics,
            note=note,
            thinking="".join(run.thought),
        )

    def _keep(self, run: Run, state: TurnState, citations: tuple[Citation, ...], note: str) -> None:
        del self.runs[run.started.chat_id]
        chat = self.chats.saved[run.started.chat_id]
        turn = structs.replace(
            chat.turns[run.started.turn_id],
            text="".join(run.said),
            state=state,
            sources=run.sources,
            citations=citations,
            note=note,
        )
        self.chats.saved[run.started.chat_id] = chat.with_turn(turn)
