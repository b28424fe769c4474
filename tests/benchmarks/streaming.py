"""Measures streaming through child, pipe and window against a bare low-level loop, in one run.

    python -m tests.benchmarks.streaming [--model FILE] [--tokens N] [--rounds N] [--threads N]

Each round times a bare loop in a process of its own, then the same question through the real
application with its window; both count from the first token to the last. Pin the run to the cores
you want to compare on (`taskset -c 0,1`): llama.cpp's threads spin, so a busy machine slows both.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QEventLoop
from PySide6.QtWidgets import QApplication

from core import gguf
from core.app.app import App
from core.app.chats.ask_options import AskOptions
from core.app.events.app_events import AnswerFinished, AnswerTextAdded, AppEvent, ModelReady
from core.base.paths import Paths, shipped_models
from core.base.settings import app_settings
from core.engine.chat_template.transcript_tokenizer import TranscriptTokenizer
from core.messages import PromptTurn, Sampling
from desktop.kit.notices import NoticeCenter
from desktop.kit.theme import Theme
from desktop.kit.thread_bridge import ThreadBridge
from desktop.window.main_window import MainWindow
from tests.engine.bare import BareLoop

Event = TypeVar("Event", bound=AppEvent)

QUESTION = "Write a long story about a lighthouse keeper and the sea."
GREEDY = Sampling(temperature=0.0, repeat_penalty=1.0)
CONTEXT = 2048


def bare_rate(path: Path, tokens: int, threads: int) -> float:
    """Return tokens/s of the plainest loop: decode, take the likeliest, nothing else."""
    bare = BareLoop(path, CONTEXT, threads)
    transcript = TranscriptTokenizer(bare.vocabulary, gguf.read_header(path).chat_template)
    times: list[float] = []
    prompt = transcript.prompt_tokens([PromptTurn(role="user", text=QUESTION)])
    bare.greedy(prompt, tokens, lambda: times.append(time.perf_counter()))
    bare.close()
    return (len(times) - 1) / (times[-1] - times[0])


class Desk:
    """The real application with its window, and the moment of each event it told."""

    def __init__(self, root: Path, threads: int) -> None:
        application = QApplication.instance() or QApplication([])
        assert isinstance(application, QApplication)
        self._application = application
        self._seen: list[tuple[float, AppEvent]] = []
        bridge = ThreadBridge()
        self.app = App(Paths(root), bridge.wake)
        self.app.open_root()
        self.app.settings.set_value(app_settings.THREADS, threads)
        self.app.settings.set_value(app_settings.CONTEXT, CONTEXT)
        self.app.settings.set_value(app_settings.SPECULATIVE_DECODING, False)
        self.app.subscribe(lambda event: self._seen.append((time.perf_counter(), event)))
        theme, notices = Theme(application, self.app.settings), NoticeCenter(application)
        self.window = MainWindow.with_content(self.app, theme, notices, bridge)
        theme.apply_style_sheet()
        self.window.show()
        bridge.start_pumping(self.app.process_events)

    def wait(self, kind: type[Event]) -> tuple[float, Event]:
        """Return the first event of a kind, and when it came (seconds)."""
        while True:
            self._application.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
            for moment, event in self._seen:
                if isinstance(event, kind):
                    return moment, event


def window_rate(path: Path, tokens: int, threads: int) -> tuple[float, int]:
    """Return tokens/s as the window sees them, and how many came."""
    with tempfile.TemporaryDirectory() as folder:
        desk = Desk(Path(folder) / "root", threads)
        desk.app.models.choose_model(desk.app.models.add_model(str(path)).ref)
        desk.wait(ModelReady)
        desk.app.questions.ask_question(QUESTION, AskOptions(sampling=GREEDY, max_tokens=tokens))
        first, _ = desk.wait(AnswerTextAdded)
        last, done = desk.wait(AnswerFinished)
        desk.window.close()
    count = done.statistics.completion_tokens
    return (count - 1) / (last - first), count


def main() -> None:
    """Print each round and the ratio of the medians."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", type=Path, default=shipped_models()[0])
    parser.add_argument("--tokens", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--bare", action="store_true", help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    path = chosen.model.absolute()
    if chosen.bare:
        print(bare_rate(path, chosen.tokens, chosen.threads))
        return
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    again = [sys.executable, "-m", "tests.benchmarks.streaming", "--bare", "--model", str(path)]
    again += ["--tokens", str(chosen.tokens), "--threads", str(chosen.threads)]
    bare: list[float] = []
    through: list[float] = []
    for number in range(1, chosen.rounds + 1):
        bare.append(float(subprocess.run(again, capture_output=True, check=True, text=True).stdout))
        rate, count = window_rate(path, chosen.tokens, chosen.threads)
        through.append(rate)
        print(f"round {number}: bare {bare[-1]:6.1f}, window {rate:6.1f} tokens/s, {count} tokens")
    ratio = statistics.median(through) / statistics.median(bare)
    print(
        f"medians: bare {statistics.median(bare):.1f}, window {statistics.median(through):.1f}"
        f" tokens/s, ratio {ratio:.3f} (at least 0.95)"
    )


if __name__ == "__main__":
    main()
