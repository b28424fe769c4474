"""An engine child with the starter model, and a bare low-level loop to compare it with."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from core.base.paths import Paths
from core.engine.client.engine_client import EngineClient
from core.messages import AnswerDone, EngineEvent, Failed, Generate, ModelLoaded, Placement


class Driver:
    """Pumps an EngineClient until something is seen; keeps everything that came."""

    def __init__(self, client: EngineClient, wait_for: Callable[..., Any]) -> None:
        self.client = client
        self.seen: list[EngineEvent] = []
        self._wait_for = wait_for

    def until(self, condition: Callable[[EngineEvent], bool]) -> EngineEvent:
        found: list[EngineEvent] = []

        def pumped() -> bool:
            for event in self.client.poll():
                self.seen.append(event)
                if condition(event):
                    found.append(event)
            return bool(found)

        self._wait_for(pumped, 60)
        return found[0]

    def load(self, path: Path, context: int = 2048) -> ModelLoaded | Failed:
        request_id = self.client.load_model(str(path), Placement(context=context, threads=1))
        event = self.until(
            lambda e: isinstance(e, ModelLoaded | Failed) and e.request_id == request_id
        )
        assert isinstance(event, ModelLoaded | Failed)
        return event

    def answer(self, request: Generate) -> AnswerDone | Failed:
        self.client.start_generation(request)
        event = self.until(
            lambda e: isinstance(e, AnswerDone | Failed) and e.request_id == request.request_id
        )
        assert isinstance(event, AnswerDone | Failed)
        return event


@pytest.fixture
def driver(root: Paths, wait_for: Callable[..., Any]) -> Iterator[Driver]:
    client = EngineClient(root, lambda: None)
    yield Driver(client, wait_for)
    client.stop()


@pytest.fixture
def loaded(driver: Driver, starter_model: Path) -> Driver:
    assert isinstance(driver.load(starter_model), ModelLoaded)
    return driver
