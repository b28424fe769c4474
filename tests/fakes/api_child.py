"""The API's child by script: a port that is nowhere, and calls that a test makes."""

from typing import Any

import msgspec

from core.messages import (
    ApiOpened,
    ApiProgress,
    ApiResult,
    ApiTokenRead,
    ApiTokensListed,
    ApiTokenSummary,
    ListApiTokens,
    OpenApi,
    ReadApiToken,
    Request,
)
from tests.fakes.scripted_child import ScriptedChild


class FakeApiChild(ScriptedChild):
    """Opens its port at once; `call` asks what another program would ask."""

    def __init__(self) -> None:
        super().__init__("api")
        self.renewals = 0
        self._opened = (0, "")  # by which start of the child, and where

    def serve(self, request: Request[Any, Any]) -> None:
        match request:
            case OpenApi():
                if self._opened[0] != self.starts:
                    self._opened = (self.starts, f"http://127.0.0.1:{request.port or 40_000}")
                self.answer(ApiOpened, request.request_id, address=self._opened[1])
            case ReadApiToken():
                self.renewals += request.renew
                self.answer(
                    ApiTokenRead,
                    request.request_id,
                    name=request.name,
                    token=f"ing-{self.renewals}",
                    scopes=("chat",),
                )
            case ListApiTokens():
                tokens = (ApiTokenSummary("editor", ("chat", "search")),)
                left = tuple(each for each in tokens if each.name != request.forget)
                self.answer(ApiTokensListed, request.request_id, tokens=left)
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
