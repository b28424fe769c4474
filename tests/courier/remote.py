"""A courier that asks servers, and all that is heard of it."""

from typing import Any

from core.base.paths import Paths
from core.courier.client import CourierClient
from core.messages import (
    AnswerChunk,
    AnswerDone,
    AskServer,
    CourierEvent,
    Failed,
    RemoteMessage,
    RemoteServer,
    ServerChosen,
    ThinkingChunk,
)
from tests.courier.server import LoopbackServer
from tests.waiting import wait_for


class Remote:
    """A child, and all that is heard of it."""

    def __init__(self, root: Paths) -> None:
        self.client = CourierClient(root, lambda: None, idle_seconds=600)
        self.heard: list[CourierEvent] = []

    def begin(self, *servers: LoopbackServer, begun: str = "", **more: Any) -> str:
        self.heard.clear()
        rest = (RemoteMessage(role="assistant", content=begun),) if begun else ()
        return self.client.send(
            AskServer(
                request_id="",
                servers=tuple(RemoteServer(address=server.address) for server in servers),
                model="big-model",
                messages=(RemoteMessage(role="user", content="How is the garden?"), *rest),
                parameters='{"temperature": 0, "top_k": 40, "max_tokens": 9}',
                **{"patience": 0.01, **more},
            )
        )

    def last_of(self, request_id: str) -> CourierEvent:
        def ended() -> bool:
            self.heard += self.client.poll()
            return request_id not in self.client.pending_requests

        wait_for(ended)
        return self.heard[-1]

    def has_text(self) -> bool:
        self.heard += self.client.poll()
        return bool(self.text())

    def end(self, request_id: str) -> AnswerDone | Failed:
        last = self.last_of(request_id)
        assert isinstance(last, AnswerDone | Failed)
        return last

    def ask(self, *servers: LoopbackServer, **more: Any) -> AnswerDone | Failed:
        return self.end(self.begin(*servers, **more))

    def text(self, kind: type[AnswerChunk] | type[ThinkingChunk] = AnswerChunk) -> str:
        return "".join(event.text for event in self.heard if isinstance(event, kind))

    def chosen(self) -> list[ServerChosen]:
        return [event for event in self.heard if isinstance(event, ServerChosen)]
