"""Transcript benchmark: opening a long chat, streaming into it, and memory of a chat.

The real application and its window are used, on a root of their own; no child is started. What a
busy machine adds to a gap is no fault of the window, so gaps are given in seconds of the clock and
in seconds that the window's thread computed.
"""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Self

import psutil
from PySide6.QtCore import QElapsedTimer, QEvent, QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication

from core.app.app import App
from core.app.events.app_events import AnswerFinished, AnswerStarted, AnswerTextAdded
from core.base.paths import Paths
from core.chat.conversations.conversation import (
    AnswerStatistics,
    Conversation,
    Role,
    Turn,
    TurnState,
)
from core.chat.store.chat_database import new_id
from desktop.chat.controller.running_answer_cards import RunningAnswerCards
from desktop.kit.notices import NoticeCenter
from desktop.kit.theme import Theme
from desktop.kit.thread_bridge import ThreadBridge
from desktop.window.main_window import MainWindow

TURNS, LETTERS = 2000, 500
"""Turns of the long chat, which has a million letters."""
SHORT_TURNS = 200
TOKENS, TOKENS_PER_SECOND = 600, 150
_TICK_MS = 2
_SENTENCES = (
    "The long beds are watered every **second Friday**, before nine in the morning. ",
    "In a dry month that is every Friday; the `valve` is behind the shed. ",
    "Nobody waters the lawn, which is green enough.\n\n",
    "- the key hangs in the hall\n- the meter is read on the first\n\n",
    "What is written down is in the book beside the tap, with the date and a name. ",
)


def measure_transcript(root: Path) -> dict[str, float]:
    """Return the metrics of the transcript; `root` is an empty folder. Needs a QApplication."""
    figures: dict[str, float] = {}
    with _BenchWindow(root) as window:
        figures["resident_mb_empty"] = _resident_megabytes()
        window.open_chat(window.save_chat(SHORT_TURNS))
        window.scroll_through_chat()
        figures["resident_mb_200_turns"] = _resident_megabytes()
        long = window.save_chat(TURNS)
        one = window.save_chat(2)
        window.open_chat(one)
        figures["token_ms_turn_1"], *_ = window.stream_answer(one)
        window.open_new_chat()
        opened, computed = window.open_chat(long)
        figures["open_ms_2000_turns"] = opened
        figures["open_computed_ms_2000_turns"] = computed
        cost, wall, thread = window.stream_answer(long)
        figures["token_ms_turn_2000"] = cost
        figures["token_cost_ratio"] = cost / figures["token_ms_turn_1"]
        figures["gap_ms_p99"] = _percentile(wall, 99)
        figures["gap_ms_max"] = max(wall)
        figures["gap_computed_ms_p99"] = _percentile(thread, 99)
        figures["gap_computed_ms_max"] = max(thread)
    return {name: round(value, 2) for name, value in figures.items()}


class _BenchWindow:
    """The application with its window."""

    def __init__(self, root: Path) -> None:
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        self._application = application
        bridge = ThreadBridge()
        self._app = App(Paths(root), bridge.wake)
        self._app.open_root()
        theme = Theme(application, self._app.settings)
        self._window = MainWindow.with_content(self._app, theme, NoticeCenter(application), bridge)
        theme.apply_style_sheet()
        self._window.resize(1280, 900)
        self._window.show()
        self.process_events_for(1.5)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._window.close()
        self._window.deleteLater()
        self.process_events_for(0.1)

    def process_events_for(self, seconds: float) -> None:
        """Process events and deferred deletions of the window."""
        until = time.perf_counter() + seconds
        while time.perf_counter() < until:
            self._application.processEvents()
            # outside of exec, Qt does not process deferred deletions
            QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
            time.sleep(0.001)

    def save_chat(self, turns: int) -> str:
        """Save a chat of so many turns."""
        chat = self._app.chats.new_conversation(f"{turns} turns")
        parent: str | None = None
        for number in range(turns):
            turn = _turn(number, parent)
            parent = turn.turn_id
            chat.turns[turn.turn_id] = turn
        self._app.chats.import_conversations((_with_leaf(chat, parent),))
        return chat.chat_id

    def open_new_chat(self) -> None:
        """Show an empty chat."""
        self._window.controllers.chat.open_new_chat()
        self.process_events_for(0.3)

    def open_chat(self, chat_id: str) -> tuple[float, float]:
        """Show a chat; return the milliseconds until it is painted, by the clock and computed."""
        painted = _Painted(self._window.view.transcript.viewport())
        started, thread = time.perf_counter(), time.thread_time()
        self._window.controllers.chat.open_chat(chat_id)
        while not painted.seen:
            self._application.processEvents()
        took, computed = time.perf_counter() - started, time.thread_time() - thread
        painted.stop()
        self.process_events_for(0.5)
        return took * 1000, computed * 1000

    def scroll_through_chat(self) -> None:
        """Scroll through all of a chat, page by page."""
        transcript = self._window.view.transcript
        bar = transcript.verticalScrollBar()
        bar.setValue(0)
        while bar.value() < bar.maximum():
            bar.setValue(bar.value() + bar.pageStep())
            self.process_events_for(0.01)
        self.process_events_for(0.2)

    def stream_answer(self, chat_id: str) -> tuple[float, list[float], list[float]]:
        """Answer in the open chat; return the cost of a token and the gaps between ticks, in ms.

        The gaps come twice: by the clock, and what the thread computed in them.
        """
        started = AnswerStarted(chat_id=chat_id, question_id=new_id(), turn_id=new_id(), model="m")
        self._answer_run.start_answer(started, "When are the beds watered?")
        self.process_events_for(0.3)
        ticks = _Ticks()
        computed = time.thread_time()
        self._stream_tokens(started)
        computed = time.thread_time() - computed
        ticks.stop()
        self._answer_run.on_answer_event(_finished(started))
        self.process_events_for(0.2)
        return computed * 1000 / TOKENS, ticks.wall, ticks.computed

    @property
    def _answer_run(self) -> RunningAnswerCards:
        return self._window.controllers.chat.running_answers

    def _stream_tokens(self, started: AnswerStarted) -> None:
        """Send the tokens at their pace, while the window processes all other events."""
        pieces, sent = _pieces(), 0
        clock = QElapsedTimer()
        clock.start()

        def send() -> None:
            nonlocal sent
            due = min(int(clock.elapsed() / 1000 * TOKENS_PER_SECOND), TOKENS)
            while sent < due:
                piece = pieces[sent % len(pieces)]
                chat_id, turn_id = started.chat_id, started.turn_id
                self._answer_run.on_answer_event(
                    AnswerTextAdded(chat_id=chat_id, turn_id=turn_id, text=piece)
                )
                sent += 1

        feeder = _timer(send, 1000 // TOKENS_PER_SECOND)
        while sent < TOKENS:
            self._application.processEvents()
            time.sleep(0.0005)
        feeder.stop()


class _Ticks:
    """Measures the longest blocks of the event loop."""

    def __init__(self) -> None:
        self.wall: list[float] = []
        self.computed: list[float] = []
        self._last = time.perf_counter(), time.thread_time()
        self._timer = _timer(self._tick, _TICK_MS)

    def _tick(self) -> None:
        now = time.perf_counter(), time.thread_time()
        self.wall.append(max(0.0, (now[0] - self._last[0]) * 1000 - _TICK_MS))
        self.computed.append((now[1] - self._last[1]) * 1000)
        self._last = now

    def stop(self) -> None:
        """Stop measuring."""
        self._timer.stop()


class _Painted(QObject):
    """Records whether a widget was painted."""

    def __init__(self, widget: QObject) -> None:
        super().__init__()
        self._widget = widget
        self.seen = False
        widget.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Record a paint event."""
        self.seen = self.seen or event.type() == QEvent.Type.Paint
        return False

    def stop(self) -> None:
        """Stop recording."""
        self._widget.removeEventFilter(self)


def _resident_megabytes() -> float:
    """Return the private memory of the process in megabytes."""
    return psutil.Process().memory_info().rss / 1e6


def _timer(call: Callable[[], None], milliseconds: int) -> QTimer:
    timer = QTimer()
    timer.setTimerType(Qt.TimerType.PreciseTimer)
    timer.setInterval(milliseconds)
    timer.timeout.connect(call)
    timer.start()
    return timer


def _turn(number: int, parent: str | None) -> Turn:
    text = "".join(_SENTENCES[(number + n) % len(_SENTENCES)] for n in range(8))[:LETTERS]
    is_question = number % 2 == 0
    return Turn(
        turn_id=new_id(),
        parent_id=parent,
        role=Role.USER if is_question else Role.ASSISTANT,
        state=TurnState.DONE,
        text=text,
        raw=text,
        created=time.time(),
        model="" if is_question else "model",
        token_ids=() if is_question else tuple(range(LETTERS // 4)),
        statistics=AnswerStatistics(completion_tokens=0 if is_question else LETTERS // 4),
    )


def _with_leaf(chat: Conversation, leaf_id: str | None) -> Conversation:
    shown = chat
    if leaf_id is not None:
        shown = chat.with_turn(chat.turns[leaf_id])
    return Conversation(
        chat_id=shown.chat_id,
        title=shown.title,
        created=shown.created,
        updated=shown.updated,
        turns=shown.turns,
        leaf_id=leaf_id,
    )


def _finished(started: AnswerStarted) -> AnswerFinished:
    pieces = _pieces()
    return AnswerFinished(
        chat_id=started.chat_id,
        turn_id=started.turn_id,
        text="".join(pieces[n % len(pieces)] for n in range(TOKENS)),
        citations=(),
        sources=(),
        statistics=AnswerStatistics(completion_tokens=TOKENS),
        note="",
    )


def _pieces() -> list[str]:
    """Return an answer cut as a model's tokens cut it, about four letters each."""
    text = "".join(_SENTENCES) * 4 + "```python\nfor bed in beds:\n    water(bed)\n```\n\n"
    return [text[at : at + 4] for at in range(0, len(text), 4)]


def _percentile(values: list[float], percent: int) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, len(ordered) * percent // 100)]
