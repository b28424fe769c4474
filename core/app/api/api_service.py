"""API service: the port for other programs, opened and closed, its token and what it counts."""

import time
from collections import deque
from collections.abc import Callable
from typing import Never, TypeVar

from msgspec import Struct

from core.api.client import ApiClient
from core.app.api.api_call_service import ApiCallService
from core.app.api.api_token_store import ApiToken, ApiTokenStore, ApiTokenSummary
from core.app.events.api_events import ApiRequestEnded, ApiStateChanged
from core.app.events.app_events import AppEvent, Notice
from core.app.problems import problem_of_failure
from core.base.errors import ErrorCode, InglenookError
from core.base.paths import Paths
from core.base.settings.app_settings import Settings
from core.base.settings.network_settings import API_AT_START, API_ORIGINS, API_PORT
from core.courier.key_store_thread import KeyStoreThread
from core.ipc.client import new_request_id
from core.ipc.reply import Reply
from core.messages import (
    AcceptedToken,
    AcceptTokens,
    ApiActivity,
    ApiCall,
    ApiEvent,
    ApiOpened,
    Failed,
    OpenApi,
)

USUAL_TOKEN = "local"  # noqa: S105 - its name
_Found = TypeVar("_Found")

RECENT = 200
"""Requests that are kept in memory for who looks at them."""
SPEED_SECONDS = 60.0
"""Over how long the speed is measured."""


class ApiClientSummary(Struct, frozen=True, kw_only=True):
    """What one program has asked since the port is open; `last` in seconds since 1970."""

    client: str
    agent: str
    requests: int
    tokens_read: int
    tokens_written: int
    last: float


class ApiService:
    """The port is closed until `open_port`; closed, there is no process and no socket."""

    def __init__(
        self,
        client: ApiClient,
        keys: KeyStoreThread,
        calls: ApiCallService,
        paths: Paths,
        settings: Settings,
        emit: Callable[[AppEvent], None],
    ) -> None:
        self._client = client
        self._keys = keys
        self._tokens: ApiTokenStore | None = None  # read on the thread of `keys`, where it is None
        self._is_wanted = False
        self._calls = calls
        self._paths = paths
        self._settings = settings
        self._emit = emit
        self.address = ""
        """What other programs connect to, "" while the port is closed."""
        self.is_asked_for = False
        """Whether the port is open, or somebody waits for it to be: the key store may ask first."""
        self.recent: deque[ApiActivity] = deque(maxlen=RECENT)
        """The last requests, the newest last."""
        client.on_broadcast = self._on_event
        client.on_end = self._on_end

    def open_port(self, port: int | None = None) -> Reply[Never, ApiOpened]:
        """Listen on loopback, at the port that is set unless one is given (0: any free one)."""
        wanted = self._settings.get_value(API_PORT) if port is None else port
        self._is_wanted = self.is_asked_for = True

        def ask(tokens: tuple[AcceptedToken, ...]) -> Reply[Never, ApiOpened]:
            if not self._is_wanted:  # closed while the key store asked the person
                raise InglenookError(ErrorCode.CANCELLED)
            request = OpenApi(
                request_id=new_request_id(),
                port=wanted,
                tokens=tokens,
                log_path=str(self._paths.api_log),
                origins=tuple(self._settings.get_value(API_ORIGINS).replace(",", " ").split()),
            )
            return self._client.send(request)

        tokens = self._with_tokens(lambda store: store.accepted)
        return tokens.then(ask).convert(self._on_opened).on_error(self._on_refused)

    def open_port_if_set(self) -> None:
        """Open the port if that is to be done at each start; a failure is told as a notice."""
        if self._settings.get_value(API_AT_START):
            self.open_port().on_error(self._on_start_refused)

    def close_port(self) -> None:
        """Stop listening; answers on their way end, and the child with them."""
        self._calls.end_all_calls()
        self._client.stop()
        self._is_wanted = self.is_asked_for = False
        self._tokens = None
        if self.address:
            self.address = ""
            self._emit(ApiStateChanged(address=""))

    def read_token(
        self, name: str = USUAL_TOKEN, *, scopes: tuple[str, ...] = (), renew: bool = False
    ) -> Reply[Never, ApiToken]:
        """Return a token, which is made if there is none of this name.

        With `renew`, the old one is worth nothing from now on; with `scopes`, it is good for these.
        """
        return self._change_tokens(lambda store: store.read_token(name, scopes, renew=renew))

    def list_tokens(self, *, forget: str = "") -> Reply[Never, tuple[ApiTokenSummary, ...]]:
        """List the tokens, after the one named `forget` was taken away.

        Failed(API_TOKEN_UNKNOWN) if there is none of that name.
        """

        def work(store: ApiTokenStore) -> tuple[ApiTokenSummary, ...]:
            if forget:
                store.forget_token(forget)
            return store.list_tokens()

        return self._change_tokens(work)

    def summarise_clients(self) -> tuple[ApiClientSummary, ...]:
        """Return who has asked lately, the last one first."""
        found: dict[tuple[str, str], list[ApiActivity]] = {}
        for each in self.recent:
            found.setdefault((each.client, each.agent), []).append(each)
        summaries = [
            ApiClientSummary(
                client=client,
                agent=agent,
                requests=len(requests),
                tokens_read=sum(each.tokens_read for each in requests),
                tokens_written=sum(each.tokens_written for each in requests),
                last=max(each.began + each.seconds for each in requests),
            )
            for (client, agent), requests in found.items()
        ]
        return tuple(sorted(summaries, key=lambda each: each.last, reverse=True))

    def measure_speed(self) -> float:
        """Return the tokens a second that were written for programs lately."""
        since = time.time() - SPEED_SECONDS
        written = sum(
            each.tokens_written for each in self.recent if each.began + each.seconds > since
        )
        return written / SPEED_SECONDS

    def _on_opened(self, opened: ApiOpened) -> ApiOpened:
        self.address = opened.address
        self._emit(ApiStateChanged(address=opened.address))
        return opened

    def _on_start_refused(self, failed: Failed) -> None:
        problem = problem_of_failure(failed)
        self._emit(Notice(key="api", severity="warning", problem=problem))

    def _on_refused(self, _failed: Failed) -> None:
        if not self.address and not self._client.pending:
            self.is_asked_for = False
            self._client.stop()

    def _with_tokens(self, work: Callable[[ApiTokenStore], _Found]) -> Reply[Never, _Found]:
        """Do something with the tokens where the key store is spoken to: it may ask the person."""

        def run() -> _Found:
            tokens = self._tokens
            if tokens is None:
                tokens = ApiTokenStore(self._paths.api_tokens, self._paths.earlier_api_tokens)
                self._tokens = tokens
            return work(tokens)

        return self._keys.call(run)

    def _change_tokens(self, work: Callable[[ApiTokenStore], _Found]) -> Reply[Never, _Found]:
        """Do something that may change the tokens; its reply ends when the port knows of it."""
        both = self._with_tokens(lambda store: (work(store), store.accepted))
        return both.then(lambda pair: self._hand_over(*pair))

    def _hand_over(self, found: _Found, tokens: tuple[AcceptedToken, ...]) -> Reply[Never, _Found]:
        if self._client.pid is None:
            self._tokens = None  # read anew next time: a key store that was locked may be open
            return Reply.finished(found)
        request = AcceptTokens(request_id=new_request_id(), tokens=tokens)
        # A child that is gone by now lets nobody in.
        return self._client.send(request).convert(lambda _done: found, lambda _failed: found)

    def _on_event(self, event: ApiEvent) -> None:
        match event:
            case ApiActivity():
                self.recent.append(event)
                self._emit(ApiRequestEnded(activity=event))
            case ApiCall():
                self._calls.answer_call(event)

    def _on_end(self) -> None:
        """The child is gone, and with it all who were connected."""
        self._calls.end_all_calls()
        self.is_asked_for = False
        if self.address:
            self.address = ""
            self._emit(ApiStateChanged(address="", failed=True))
