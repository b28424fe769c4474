"""A scripted child: answers what it can by itself, and leaves the rest to a test."""

from typing import Any

import msgspec

from core.base.errors import ErrorCode
from core.messages import Cancel, Failed, Request
from tests.fakes.child_process import FakeChildProcess


class ScriptedChild(FakeChildProcess):
    """Requests of the kinds in `held`, and those that `serve` leaves, stay in `waiting`.

    A test ends them with `answer` or `fail`; a Cancel ends them too.
    """

    def __init__(self, role: str) -> None:
        super().__init__(role)
        self.held: set[type[Any]] = set()
        self.waiting: dict[str, Request[Any, Any]] = {}

    def receive(self, request: msgspec.Struct) -> None:
        """Serve a request, unless it is held back."""
        if isinstance(request, Cancel):
            if self.waiting.pop(request.request_id, None):
                self.deliver(Failed(request_id=request.request_id, code=ErrorCode.CANCELLED))
        elif isinstance(request, Request):
            self.waiting[request.request_id] = request
            if type(request) not in self.held:
                self.serve(request)

    def serve(self, request: Request[Any, Any]) -> None:
        """Answer a request, or leave it to a test."""

    def stop(self, grace: float = 0.0) -> None:
        """End: nothing is waited for any more."""
        super().stop(grace)
        self.waiting.clear()

    def die(self, exit_code: int = -11, tail: str = "") -> None:
        """End as a crash does: nothing is waited for any more."""
        super().die(exit_code, tail)
        self.waiting.clear()

    def waiting_for(self, *kinds: type[Any]) -> list[Request[Any, Any]]:
        """Return the requests of these kinds that wait for an answer, the first one first."""
        return [each for each in self.waiting.values() if isinstance(each, kinds or (Request,))]

    def answer(self, kind: type[msgspec.Struct], request_id: str = "", **content: Any) -> None:
        """Answer with an event of a kind the request that waits longest, or the one named."""
        answered = self._take(request_id)
        self.deliver(kind(request_id=answered.request_id, **content))

    def fail(self, code: ErrorCode, request_id: str = "", **facts: str) -> None:
        """Refuse the request that waits longest, or the one named."""
        refused = self._take(request_id)
        self.deliver(Failed(request_id=refused.request_id, code=code, facts=facts))

    def _take(self, request_id: str) -> Request[Any, Any]:
        assert self.waiting, "nothing waits for an answer"
        return self.waiting.pop(request_id or next(iter(self.waiting)))
