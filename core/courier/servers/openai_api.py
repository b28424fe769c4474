"""OpenAI-compatible API: answers of servers and lists of their models."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import httpx2
import msgspec

from core.base.errors import ErrorCode, InglenookError, NetworkError
from core.base.i18n import _
from core.courier.connection import key_store
from core.courier.connection.host_address import HostAddress, parse_address
from core.courier.connection.http_connections import (
    HttpConnections,
    expect_json,
    translate_network_errors,
)
from core.courier.connection.request_stop import RequestStop, shut_down_socket
from core.courier.servers.load_balancer import ServerLoadBalancer
from core.courier.servers.server_answer_buffer import ServerAnswerBuffer
from core.courier.servers.server_stream import error_from_response, read_stream
from core.messages import (
    AnswerDone,
    AskServer,
    ListServerModels,
    RemoteServer,
    ServerChosen,
    ServerModel,
    ServerModels,
)

LONGEST_ANSWER = 4_000_000
"""Letters, thoughts included; a server that goes on is not listened to any more."""
READING_SECONDS = 600.0
"""How long a server may read a prompt before its first word."""
FEWEST_TRIES = 3
MOST_CONTEXT = 1 << 30
"""Tokens; a server that says more says nothing."""
_TRIED_AGAIN = frozenset({ErrorCode.HOST_UNREACHABLE, ErrorCode.HOST_TROUBLE, ErrorCode.SERVER_CUT})
_COMMON = ("temperature", "top_p", "max_tokens", "seed", "stop", "presence_penalty",
           "frequency_penalty")  # fmt: skip
"""What every server understands; the rest is left out for one that refuses it."""


def list_server_models(request: ListServerModels, web: HttpConnections) -> ServerModels:
    """Ask a server what it offers. Raises NetworkError."""
    address = api_base_address(request.server.address)
    web.allow_address(address)
    began = time.monotonic()
    with translate_network_errors(address, web), web.create_client(connections=1) as client:
        question = client.build_request(
            "GET", f"{address.url}/models", headers=_headers(request.server)
        )
        response = client.send(question, stream=True)
        if not response.is_success:
            web.record_failure(address)
            raise error_from_response(response, address)
        expect_json(response)
        web.count_received(response.url, len(response.read()))
        models = _models(response, address)
    seconds = time.monotonic() - began
    return ServerModels(request_id=request.request_id, models=models, seconds=seconds)


def api_base_address(text: str) -> HostAddress:
    """Return the address that /models and /chat/completions stand behind. Raises NetworkError."""
    address = parse_address(text)
    path = address.path.removesuffix("/chat/completions").removesuffix("/models")
    return address._replace(path=path or "/v1")


class ServerAnswerJob:
    """One question, put to servers until one has answered it. `run` is called once."""

    def __init__(
        self,
        request: AskServer,
        web: HttpConnections,
        stop: RequestStop,
        send: Callable[[msgspec.Struct], None],
        loads: ServerLoadBalancer,
    ) -> None:
        self._request = request
        self._web = web
        self._stop = stop
        self._send = send
        self._loads = loads
        self._tried: list[str] = []
        last = request.messages[-1]
        begun = last.content if last.role == "assistant" else ""
        self._written = ServerAnswerBuffer(request.request_id, send, begun)

    def run(self) -> AnswerDone:
        """Return the whole answer. Raises NetworkError when no address could give one."""
        request = self._request
        tries = max(FEWEST_TRIES, 2 * len(request.servers))
        gone = ""
        for number in range(1, tries + 1):
            server = self._loads.choose_server(request.servers, self._tried)
            failed = True
            try:
                self._say_chosen(server, gone)
                done = self._ask(server)
                failed = False
                return done
            except InglenookError as error:
                if self._stop.is_set():
                    failed = False
                    return self._written.finish_answer("cancelled")
                error = self._in_its_middle(error, server)
                gone = server.address
                others = {each.address for each in request.servers} - {*self._tried, gone}
                if number == tries or (error.code not in _TRIED_AGAIN and not others):
                    self._written.flush()
                    raise error from None
                self._tried.append(gone)
                if not others:
                    self._stop.wait(request.patience * 2.0 ** len(self._tried))
            finally:
                first = self._written.seconds_to_first
                self._loads.release_server(server.address, failed=failed, seconds_to_first=first)
        raise AssertionError("the last try raises")

    def _in_its_middle(self, error: InglenookError, server: RemoteServer) -> InglenookError:
        """A connection that breaks when words have come is an answer cut off."""
        if error.code == ErrorCode.HOST_UNREACHABLE and self._written.seconds_to_first:
            return NetworkError(ErrorCode.SERVER_CUT, host=api_base_address(server.address).name)
        return error

    def _say_chosen(self, server: RemoteServer, gone: str) -> None:
        """Tell who answers; what another one had written is void."""
        self._send(
            ServerChosen(
                request_id=self._request.request_id,
                address=server.address,
                instead_of=gone,
                begun_again=self._written.restart_answer(),
            )
        )

    def _ask(self, server: RemoteServer) -> AnswerDone:
        address = api_base_address(server.address)
        self._web.allow_address(address)
        parameters: dict[str, Any] = msgspec.json.decode(self._request.parameters)
        common = {name: parameters[name] for name in _COMMON if name in parameters}
        with (
            translate_network_errors(address, self._web),
            self._web.create_client(silence=READING_SECONDS, connections=1) as client,
        ):
            for chosen in (parameters, common):
                with self._asked(client, server, address, chosen) as response:
                    is_odd = response.status_code in {400, 422}
                    if is_odd and chosen != common:
                        continue  # it knows less than most
                    return self._read(response, address)
        raise AssertionError("the second answer is read in any case")

    @contextmanager
    def _asked(
        self,
        client: httpx2.Client,
        server: RemoteServer,
        address: HostAddress,
        parameters: dict[str, Any],
    ) -> Iterator[httpx2.Response]:
        """Send the question; Stop ends the connection, also while nothing comes."""

        def trace(name: str, info: dict[str, Any]) -> None:
            if name == "connection.connect_tcp.complete":
                connection = info["return_value"].get_extra_info("socket")
                self._stop.call_on_stop(lambda: shut_down_socket(connection))

        body = {
            "model": self._request.model,
            "messages": [msgspec.to_builtins(each) for each in self._request.messages],
            "stream": True,
            "stream_options": {"include_usage": True},
            **parameters,
        }
        question = client.build_request(
            "POST",
            f"{address.url}/chat/completions",
            headers={**_headers(server), "Accept": "text/event-stream"},
            content=msgspec.json.encode(body),
            extensions={"trace": trace},
        )
        response = client.send(question, stream=True)
        try:
            yield response
        finally:
            response.close()

    def _read(self, response: httpx2.Response, address: HostAddress) -> AnswerDone:
        if not response.is_success:
            raise error_from_response(response, address)
        if "text/event-stream" not in response.headers.get("content-type", ""):
            expect_json(response)
            detail = _("without streaming")
            raise NetworkError(ErrorCode.HOST_NONSENSE, host=address.name, detail=detail)
        before, stop = 0, ""
        for piece in read_stream(response, address):
            self._web.count_received(response.url, response.num_bytes_downloaded - before)
            before = response.num_bytes_downloaded
            if self._stop.is_set():
                return self._written.finish_answer("cancelled")
            self._written.add_piece(piece)
            stop = piece.stop or stop
            if self._written.letter_count > LONGEST_ANSWER:
                return self._written.finish_answer("length")
        return self._written.finish_answer(stop or "eos")


def _headers(server: RemoteServer) -> dict[str, str]:
    headers = {"Content-Type": "application/json"}
    if server.key_name:
        headers["Authorization"] = f"Bearer {key_store.read_key(server.key_name)}"
    return headers


def _models(response: httpx2.Response, address: HostAddress) -> tuple[ServerModel, ...]:
    try:
        listed = msgspec.json.decode(response.content)["data"]
        return tuple(ServerModel(name=str(each["id"]), context=_context(each)) for each in listed)
    except (msgspec.DecodeError, KeyError, TypeError, RecursionError) as error:
        detail = _("not with a list of models")
        raise NetworkError(ErrorCode.HOST_NONSENSE, host=address.name, detail=detail) from error


def _context(model: dict[str, Any]) -> int:
    """Return how many tokens a model sees, as llama-server, vLLM or others say it; 0 if not."""
    meta = model.get("meta")
    places = [meta if isinstance(meta, dict) else {}, model]
    names = ("n_ctx", "max_model_len", "context_length", "context_window", "n_ctx_train")
    for name in names:
        for place in places:
            if isinstance(place.get(name), int) and 0 < place[name] <= MOST_CONTEXT:
                return int(place[name])
    return 0
