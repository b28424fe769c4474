"""An engine child with the starter model, and a bare low-level loop to compare it with."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from core.base.paths import Paths
from core.engine.client.engine_client import EngineClient
from core.ipc.client import new_request_id
from core.ipc.reply import Reply
from core.messages import (
    AnswerDone,
    EngineEvent,
    Failed,
    Generate,
    LoadModel,
    ModelLoaded,
    Placement,
)


class Driver:
    """Sends requests to an EngineClient, waits for events; keeps everything that came."""

    def __init__(self, client: EngineClient, wait_for: Callable[..., Any]) -> None:
        self.client = client
        self.seen: list[EngineEvent] = []
        self._wait_for = wait_for

    def until(self, condition: Callable[[EngineEvent], bool]) -> EngineEvent:
        before = len(self.seen)

        def arrived() -> list[EngineEvent]:
            self.client.poll()
            return [event for event in self.seen[before:] if condition(event)]

        self._wait_for(arrived, 60)
        return next(event for event in self.seen[before:] if condition(event))

    def start(self, request: Generate) -> None:
        self.keep_reply(self.client.send(request))

    def start_load(self, request: LoadModel) -> None:
        self.keep_reply(self.client.load_model(request))

    def load(
        self, path: Path, context: int = 2048, flash_attention: str = "auto", **more: Any
    ) -> ModelLoaded | Failed:
        request_id = new_request_id()
        requested = Placement(context=context, threads=1, flash_attention=flash_attention)
        self.start_load(
            LoadModel(request_id=request_id, path=str(path), placement=requested, **more)
        )
        event = self.until(
            lambda e: isinstance(e, ModelLoaded | Failed) and e.request_id == request_id
        )
        assert isinstance(event, ModelLoaded | Failed)
        return event

    def answer(self, request: Generate) -> AnswerDone | Failed:
        self.start(request)
        event = self.until(
            lambda e: isinstance(e, AnswerDone | Failed) and e.request_id == request.request_id
        )
        assert isinstance(event, AnswerDone | Failed)
        return event

    def keep_reply(self, reply: Reply[Any, Any]) -> None:
        reply.on_progress(self.seen.append)
        reply.on_done(self.seen.append).on_error(self.seen.append)


@pytest.fixture
def driver(root: Paths, wait_for: Callable[..., Any]) -> Iterator[Driver]:
    client = EngineClient(root, lambda: None)
    yield Driver(client, wait_for)
    client.stop()


@pytest.fixture
def loaded(driver: Driver, starter_model: Path) -> Driver:
    assert isinstance(driver.load(starter_model), ModelLoaded)
    return driver
