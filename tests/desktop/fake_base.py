"""What the parts of the fake application share: recorded calls, listeners, refusals."""

from collections.abc import Callable
from typing import Any

from core.app.events.app_events import AppEvent
from core.base.errors import InglenookError
from core.ipc.reply import Reply
from core.models.info.model_entry import AdapterEntry


class FakeBase:
    """`refusal` is raised by the next call that can fail; `queue` is told by the next pump."""

    def __init__(self) -> None:
        self.calls: list[tuple[object, ...]] = []
        self.refusal: InglenookError | None = None
        self.replies: list[Reply[Any, Any]] = []
        self.cancelled: list[str] = []
        self.listeners: list[Callable[[AppEvent], None]] = []
        self.queue: list[AppEvent] = []
        self.adapters_beside: list[AdapterEntry] = []

    def emit(self, event: AppEvent) -> None:
        """Tell an event now."""
        for listener in list(self.listeners):
            listener(event)

    def request(self, *call: object) -> str:
        self.refuse()
        self.calls.append(call)
        return f"request-{len(self.calls)}"

    def reply(self, *call: object) -> Reply[Any, Any]:
        """Record a call; the test ends its reply, which is the last of `replies`."""
        request_id = self.request(*call)
        self.replies.append(Reply(request_id, lambda: self.cancelled.append(request_id)))
        return self.replies[-1]

    def refuse(self) -> None:
        if self.refusal is not None:
            refusal, self.refusal = self.refusal, None
            raise refusal
