"""A courier that asks servers, and all that is heard of it."""

from typing import Any

from core.base.paths import Paths
from core.courier.client import CourierClient
from core.courier.key_store_thread import KeyStoreThread
from core.ipc.reply import Reply
from core.messages import (
    AnswerChunk,
    AnswerDone,
    AskServer,
    Failed,
    RemoteMessage,
    RemoteServer,
    ServerChosen,
    ThinkingChunk,
)
from tests.courier.server import LoopbackServer
from tests.waiting import wait_for

Progress = ServerChosen | AnswerChunk | ThinkingChunk
Answer = Reply[Progress, AnswerDone]


class Remote:
    """A child, and all that is heard of the question asked last."""

    def __init__(self, root: Paths) -> None:
        keys = KeyStoreThread(root, lambda: None)
        self.client = CourierClient(root, lambda: None, keys, idle_seconds=600)
        self.heard: list[Progress] = []

    def begin(self, *servers: LoopbackServer, begun: str = "", **more: Any) -> Answer:
        self.heard.clear()
        rest = (RemoteMessage(role="assistant", content=begun),) if begun else ()
        question = AskServer(
            request_id="",
            servers=tuple(RemoteServer(address=server.address) for server in servers),
            model="big-model",
            messages=(RemoteMessage(role="user", content="How is the garden?"), *rest),
            parameters='{"temperature": 0, "top_k": 40, "max_tokens": 9}',
            **{"patience": 0.01, **more},
        )
        return self.client.send(question).on_progress(self.heard.append)

    def end(self, reply: Reply[Any, Any]) -> Any:
        def ended() -> bool:
            self.client.keys.poll()
            self.client.poll()
            return reply.is_done

        wait_for(ended)
        return reply.failure or reply.result

    def has_text(self) -> bool:
        self.client.keys.poll()
        self.client.poll()
        return bool(self.text())

    def ask(self, *servers: LoopbackServer, **more: Any) -> AnswerDone | Failed:
        ended = self.end(self.begin(*servers, **more))
        assert isinstance(ended, AnswerDone | Failed)
        return ended

    def text(self, kind: type[AnswerChunk] | type[ThinkingChunk] = AnswerChunk) -> str:
        return "".join(event.text for event in self.heard if isinstance(event, kind))

    def chosen(self) -> list[ServerChosen]:
        return [event for event in self.heard if isinstance(event, ServerChosen)]
