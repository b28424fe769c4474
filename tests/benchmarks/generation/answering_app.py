"""Answering app: an application over real children that answers one question again and again."""

import threading
import time
from pathlib import Path
from typing import TypeVar

from core.app.app import App
from core.app.chats.ask_options import AskOptions
from core.app.events.app_events import AnswerFailed, AnswerFinished, AppEvent
from core.base.paths import Paths, shipped_models
from core.base.settings import app_settings
from core.messages import Sampling

QUESTION = "Write a long story about a lighthouse keeper and the sea."
Event = TypeVar("Event", bound=AppEvent)


class AnsweringApp:
    """An open application; what it answers is the same each time, and saved nowhere."""

    def __init__(self, folder: Path, *, context: int, threads: int) -> None:
        """`folder` gets the data folder; `threads` 0 are the physical cores."""
        paths = Paths(folder / "root")
        paths.create_folders()
        self._woken = threading.Event()
        self._told: list[AppEvent] = []
        self.app = App(paths, self._woken.set)
        self.app.subscribe(self._told.append)
        self.app.open_root()
        self.app.settings.override_value(app_settings.CONTEXT, context)
        self.app.settings.override_value(app_settings.THREADS, threads)
        self.app.settings.override_value(app_settings.SPECULATIVE_DECODING, value=False)

    def answer_question(self, tokens: int) -> AnswerFinished:
        """Answer with the shipped model, and wait for the end."""
        options = AskOptions(
            temporary=True,
            sampling=Sampling(temperature=0.0),
            max_tokens=tokens,
            model=str(shipped_models()[0]),
        )
        self.app.questions.ask_question(QUESTION, options)
        return self.wait_for(AnswerFinished, 600.0)

    def wait_for(self, kind: type[Event], longest: float = 300.0) -> Event:
        """Return the next event of a type; everything before it is forgotten."""
        deadline = time.monotonic() + longest
        while time.monotonic() < deadline:
            self.app.process_events()
            while self._told:
                event = self._told.pop(0)
                if isinstance(event, kind):
                    return event
                if isinstance(event, AnswerFailed):
                    raise SystemExit(event.problem.message)
            self._woken.wait(0.02)
            self._woken.clear()
        raise TimeoutError(kind.__name__)
