"""Copies of a model with one bit of their header turned over, and what the application makes of it.

Used by a few trials in the tests and by all two hundred in `tests.benchmarks.kills.byte_flips`.
"""

import random
import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from core.app.app import App
from core.app.chats.ask_options import AskOptions
from core.app.events.app_events import AnswerFailed, AnswerFinished, AppEvent
from core.base.errors import ModelError
from core.base.paths import Paths
from core.base.settings import app_settings
from core.gguf import read_header

SEED = 20260331
LONGEST_SECONDS = 60.0


def places(model: Path, count: int, seed: int = SEED) -> Iterator[tuple[int, int]]:
    """Yield (offset, bit) in facts and tensor table, half of them outside the vocabulary's lists.

    Those lists are nine tenths of the header, and a letter in them changes little.
    """
    header = read_header(model)
    with model.open("rb") as file:
        head = file.read(header.data_offset)
    facts_end = head.index(b"tokenizer.ggml.tokens")
    table_start = head.index(b"\x11\x00\x00\x00\x00\x00\x00\x00token_embd.weight")
    dice = random.Random(seed)
    for number in range(count):
        if number % 2:
            offset = dice.randrange(header.data_offset)
        else:
            offset = dice.choice(
                (dice.randrange(facts_end), dice.randrange(table_start, header.data_offset))
            )
        yield offset, dice.randrange(8)


class Flipped:
    """One copy of a model, of which one bit at a time is wrong; it is mended before the next."""

    def __init__(self, model: Path, folder: Path) -> None:
        self.path = folder / "flipped.gguf"
        shutil.copyfile(model, self.path)

    @contextmanager
    def flip(self, offset: int, bit: int) -> Iterator[Path]:
        """Turn a bit over inside the block."""
        self._turn(offset, bit)
        try:
            yield self.path
        finally:
            self._turn(offset, bit)

    def _turn(self, offset: int, bit: int) -> None:
        with self.path.open("r+b") as file:
            file.seek(offset)
            (byte,) = file.read(1)
            file.seek(offset)
            file.write(bytes([byte ^ (1 << bit)]))


class Trials:
    """An open application with real children, which is asked through one model after the other."""

    def __init__(self, paths: Paths) -> None:
        self._woken = threading.Event()
        self._told: list[AppEvent] = []
        self.app = App(paths, self._woken.set)
        self.app.subscribe(self._told.append)
        self.app.open_root()
        self.app.settings.override_value(app_settings.CONTEXT, 512)
        self.app.settings.override_value(app_settings.THREADS, 1)

    def close(self) -> None:
        """End the application and its children."""
        self.app.close()

    def ask(self, model: Path) -> str:
        """Ask for one token; return "answered", a code of `core.base.errors`, or "hung"."""
        self._told.clear()
        try:
            started = self.app.questions.ask_question(
                "Hi", AskOptions(model=str(model), max_tokens=1, temporary=True)
            )
        except ModelError as error:
            return str(error.code)
        deadline = time.monotonic() + LONGEST_SECONDS
        while time.monotonic() < deadline:
            for event in self._told:
                if isinstance(event, AnswerFailed):
                    assert event.problem.message
                    return event.problem.code
                if isinstance(event, AnswerFinished):
                    return "answered"
            self._woken.wait(0.1)
            self._woken.clear()
            self.app.process_events()
        self.app.answers.stop_answer(started.turn_id)
        self.app.engine.kill()
        return "hung"
