"""Typing benchmark: key latency while an answer streams in and a folder is read.

Keys are due at fixed times, as a person presses them, whether the window has time for them or not:
what is late is counted from when it was due. The real application reads a folder in its own child.
"""

import time
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication

from core.app.app import App
from core.app.events.app_events import AnswerStarted, AnswerTextAdded, AppEvent
from core.base.paths import Paths
from core.chat.store.chat_database import new_id
from core.messages import SyncProgress
from desktop.kit.notices import NoticeCenter
from desktop.kit.theme import Theme
from desktop.kit.thread_bridge import ThreadBridge
from desktop.process.garbage_collector import GarbageCollector
from desktop.window.main_window import MainWindow

_LONGEST_WAIT = 120
"""Seconds; the embedding model loads slowly on a busy machine."""
KEYS, KEYS_PER_SECOND, TOKENS_PER_SECOND = 200, 12.5, 150
FILES = 1_500
"""More files than are read while the keys are pressed."""
_PIECES = ("The ", "long ", "beds ", "are ", "wat", "ered ", "**every** ", "Friday", ".\n\n", "- ")
_SENTENCE = "The long beds are watered every second Friday before nine, said note {n} of {file}.\n"


class _PaintWatch(QObject):
    """Records whether a widget was painted since the last query."""

    def __init__(self, widget: QObject) -> None:
        super().__init__()
        self.painted = False
        widget.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Record a paint event."""
        self.painted = self.painted or event.type() is QEvent.Type.Paint
        return False


class _ReadingProgress:
    """Counts the files that the library has read."""

    def __init__(self, app: App) -> None:
        self.done = 0
        self.close = app.subscribe(self._on_event)

    def _on_event(self, event: AppEvent) -> None:
        if isinstance(event, SyncProgress):
            self.done = event.done

    def wait_for_reading(self) -> None:
        """Wait until files are being read, so that there is competition. Raises TimeoutError."""
        end = time.monotonic() + _LONGEST_WAIT
        while not self.done:
            if time.monotonic() > end:
                raise TimeoutError("no file was read")
            QApplication.processEvents()
            time.sleep(0.002)


class _Typist:
    """Presses keys at fixed times while an answer streams in."""

    def __init__(self, window: MainWindow) -> None:
        self._edit = window.view.composer.text_edit
        self._seen = _PaintWatch(self._edit.viewport())
        self._run = window.controllers.chat.running_answers
        chat_id = window.controllers.chat.chat_id or new_id()
        self._started = AnswerStarted(
            chat_id=chat_id, question_id=new_id(), turn_id=new_id(), model="m"
        )
        self._run.start_answer(self._started, "When are the beds watered?")
        self._sent = 0

    def type_keys(self) -> list[tuple[float, float]]:
        """Return for each key the milliseconds until it was painted: wall clock and computed."""
        started = time.perf_counter()
        times = []
        for number in range(KEYS):
            due = started + number / KEYS_PER_SECOND
            while time.perf_counter() < due:
                self._stream_due_tokens(started)
            times.append(self._press(due, started))
        return times

    def _press(self, due: float, started: float) -> tuple[float, float]:
        self._seen.painted = False
        thread = time.thread_time()
        none = Qt.KeyboardModifier.NoModifier
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            QApplication.postEvent(self._edit, QKeyEvent(kind, Qt.Key.Key_X, none, "x"))
        before = len(self._edit.toPlainText())
        while not self._seen.painted or len(self._edit.toPlainText()) == before:
            self._stream_due_tokens(started, rest=False)
        return (time.perf_counter() - due) * 1000, (time.thread_time() - thread) * 1000

    def _stream_due_tokens(self, started: float, *, rest: bool = True) -> None:
        wanted = int((time.perf_counter() - started) * TOKENS_PER_SECOND)
        while self._sent < wanted:
            piece = _PIECES[self._sent % len(_PIECES)]
            self._run.on_answer_event(
                AnswerTextAdded(
                    chat_id=self._started.chat_id, turn_id=self._started.turn_id, text=piece
                )
            )
            self._sent += 1
        QApplication.processEvents()
        if rest:
            time.sleep(0.0005)


def _documents(root: Path) -> Path:
    folder = root / "documents"
    folder.mkdir(parents=True)
    for file in range(FILES):
        text = "".join(_SENTENCE.format(n=n, file=file) for n in range(40))
        (folder / f"{file}.txt").write_text(text, encoding="utf-8")
    return folder


def measure_typing(root: Path) -> dict[str, float]:
    """Return the metrics; `root` is an empty folder. Needs a QApplication."""
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    bridge = ThreadBridge()
    app = App(Paths(root / "data"), bridge.wake)
    app.open_root()
    theme = Theme(application, app.settings)
    window = MainWindow.with_content(app, theme, NoticeCenter(application), bridge)
    theme.apply_style_sheet()
    window.resize(1280, 900)
    window.show()
    bridge.start_pumping(app.process_events)
    window.load_initial_content()
    window.start_child_processes()
    collector = GarbageCollector(application)
    collector.start()
    reading = _ReadingProgress(app)
    app.folders.add_folder(str(_documents(root)))
    reading.wait_for_reading()
    before = reading.done
    times = _Typist(window).type_keys()
    done = reading.done
    reading.close()
    collector.close()
    window.close()
    window.deleteLater()
    QApplication.processEvents()
    figures = _summarize(times)
    figures["files_read_meanwhile"] = float(done - before)
    figures["files_left_to_read"] = float(FILES - done)
    return figures


def _summarize(times: list[tuple[float, float]]) -> dict[str, float]:
    clock, computed = (sorted(each) for each in zip(*times, strict=True))
    return {
        "typing_ms_median": round(clock[len(clock) // 2], 2),
        "typing_ms_p99": round(clock[int(len(clock) * 0.99) - 1], 2),
        "typing_ms_max": round(clock[-1], 2),
        "typing_computed_ms_p99": round(computed[int(len(computed) * 0.99) - 1], 2),
    }
