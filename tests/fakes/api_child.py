"""The API's child by script: a port that is nowhere, and calls that a test makes."""

from typing import Any

import msgspec

from core.messages import (
    AcceptTokens,
    ApiOpened,
    ApiProgress,
    ApiResult,
    OpenApi,
    Request,
    TokensAccepted,
)
from tests.fakes.scripted_child import ScriptedChild


class FakeApiChild(ScriptedChild):
    """Opens its port at once; `call` asks what another program would ask."""

    def __init__(self) -> None:
        super().__init__("api")
        self._opened = (0, "")  # by which start of the child, and where

    def serve(self, request: Request[Any, Any]) -> None:
        match request:
            case OpenApi():
                if self._opened[0] != self.starts:
                    self._opened = (self.starts, f"http://127.0.0.1:{request.port or 40_000}")
                self.answer(ApiOpened, request.request_id, address=self._opened[1])
            case AcceptTokens():
                self.answer(TokensAccepted, request.request_id)
            case _:
                raise AssertionError(request)

    def call(self, call: msgspec.Struct) -> None:
        """Ask something as another program would."""
        self.deliver(call)

    def events_of(self, call_id: str) -> list[Any]:
        """Return what a call was told on its way."""
        return [each.event for each in self.all_sent(ApiProgress) if each.call_id == call_id]

    def outcome_of(self, call_id: str) -> Any:
        """Return the end of a call."""
        (found,) = [each for each in self.all_sent(ApiResult) if each.call_id == call_id]
        return found.outcome
