"""OpenAI-compatible API: answers of servers and lists of their models."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import httpx2
import msgspec

from core.base.errors import ErrorCode, InglenookError, NetworkError
from core.base.i18n import _
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
"""Characters, thinking included; a longer answer is cut off."""
READING_SECONDS = 600.0
"""Seconds that a server may take to read a prompt before its first text."""
FEWEST_TRIES = 3
MOST_CONTEXT = 1 << 30
"""Tokens; a larger context is not believed."""
_RETRIED = frozenset({ErrorCode.HOST_UNREACHABLE, ErrorCode.HOST_TROUBLE, ErrorCode.SERVER_CUT})
_COMMON = ("temperature", "top_p", "max_tokens", "seed", "stop", "presence_penalty",
           "frequency_penalty")  # fmt: skip
"""Parameters that every server knows; the others are left out for a server that refuses them."""


def list_server_models(request: ListServerModels, http: HttpConnections) -> ServerModels:
    """Ask a server which models it offers; blocks. Raises NetworkError."""
    address = api_base_address(request.server.address)
    http.allow_address(address)
    began = time.monotonic()
    with translate_network_errors(address, http), http.create_client(connections=1) as client:
        question = client.build_request("GET", f"{address.url}/models", headers=_headers(request))
        response = client.send(question, stream=True)
        if not response.is_success:
            http.record_failure(address)
            raise error_from_response(response, address)
        expect_json(response)
        http.count_received(response.url, len(response.read()))
        models = _models(response, address)
    seconds = time.monotonic() - began
    return ServerModels(request_id=request.request_id, models=models, seconds=seconds)


def api_base_address(text: str) -> HostAddress:
    """Return the base address of /models and /chat/completions. Raises NetworkError."""
    address = parse_address(text)
    path = address.path.removesuffix("/chat/completions").removesuffix("/models")
    return address._replace(path=path or "/v1")


class ServerAnswerJob:
    """One question, sent to one server after another until one answers. `run` is called once."""

    def __init__(
        self,
        request: AskServer,
        http: HttpConnections,
        stop: RequestStop,
        send: Callable[[msgspec.Struct], None],
        balancer: ServerLoadBalancer,
    ) -> None:
        self._request = request
        self._http = http
        self._stop = stop
        self._send = send
        self._balancer = balancer
        self._tried: list[str] = []
        last = request.messages[-1]
        begun = last.content if last.role == "assistant" else ""
        self._buffer = ServerAnswerBuffer(request.request_id, send, begun)

    def run(self) -> AnswerDone:
        """Return the whole answer; blocks. Raises NetworkError when no server could give one."""
        request = self._request
        tries = max(FEWEST_TRIES, 2 * len(request.servers))
        failed_address = ""
        for number in range(1, tries + 1):
            server = self._balancer.choose_server(request.servers, self._tried)
            failed = True
            try:
                self._report_server(server, failed_address)
                done = self._ask_server(server)
                failed = False
                return done
            except InglenookError as error:
                if self._stop.is_set():
                    failed = False
                    return self._buffer.finish_answer("cancelled")
                error = self._as_cut_off(error, server)
                failed_address = server.address
                others = {each.address for each in request.servers} - {*self._tried, failed_address}
                if number == tries or (error.code not in _RETRIED and not others):
                    self._buffer.flush()
                    raise error from None
                self._tried.append(failed_address)
                if not others:
                    self._stop.wait(request.patience * 2.0 ** len(self._tried))
            finally:
                first = self._buffer.seconds_to_first
                self._balancer.release_server(server.address, failed=failed, seconds_to_first=first)
        raise AssertionError("the last try raises")

    def _as_cut_off(self, error: InglenookError, server: RemoteServer) -> InglenookError:
        """Return SERVER_CUT for a connection that broke after the first text, else `error`."""
        if error.code == ErrorCode.HOST_UNREACHABLE and self._buffer.seconds_to_first:
            return NetworkError(ErrorCode.SERVER_CUT, host=api_base_address(server.address).name)
        return error

    def _report_server(self, server: RemoteServer, failed_address: str) -> None:
        """Report who answers now; text of another server is void from then on."""
        self._send(
            ServerChosen(
                request_id=self._request.request_id,
                address=server.address,
                instead_of=failed_address,
                begun_again=self._buffer.restart_answer(),
            )
        )

    def _ask_server(self, server: RemoteServer) -> AnswerDone:
        address = api_base_address(server.address)
        self._http.allow_address(address)
        parameters: dict[str, Any] = msgspec.json.decode(self._request.parameters)
        common = {name: parameters[name] for name in _COMMON if name in parameters}
        with (
            translate_network_errors(address, self._http),
            self._http.create_client(silence=READING_SECONDS, connections=1) as client,
        ):
            for sent in (parameters, common):
                with self._send_question(client, address, sent) as response:
                    refuses = response.status_code in {400, 422}
                    if refuses and sent != common:
                        continue  # it may not know all parameters
                    return self._read_answer(response, address)
        raise AssertionError("the second response is read in any case")

    @contextmanager
    def _send_question(
        self,
        client: httpx2.Client,
        address: HostAddress,
        parameters: dict[str, Any],
    ) -> Iterator[httpx2.Response]:
        """Send the question; Stop ends the connection, also while the server is silent."""

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
            headers={**_headers(self._request), "Accept": "text/event-stream"},
            content=msgspec.json.encode(body),
            extensions={"trace": trace},
        )
        response = client.send(question, stream=True)
        try:
            yield response
        finally:
            response.close()

    def _read_answer(self, response: httpx2.Response, address: HostAddress) -> AnswerDone:
        if not response.is_success:
            raise error_from_response(response, address)
        if "text/event-stream" not in response.headers.get("content-type", ""):
            expect_json(response)
            detail = _("without streaming")
            raise NetworkError(ErrorCode.HOST_NONSENSE, host=address.name, detail=detail)
        before, stop = 0, ""
        for piece in read_stream(response, address):
            self._http.count_received(response.url, response.num_bytes_downloaded - before)
            before = response.num_bytes_downloaded
            if self._stop.is_set():
                return self._buffer.finish_answer("cancelled")
            self._buffer.add_piece(piece)
            stop = piece.stop or stop
            if self._buffer.letter_count > LONGEST_ANSWER:
                return self._buffer.finish_answer("length")
        return self._buffer.finish_answer(stop or "eos")


def _headers(request: AskServer | ListServerModels) -> dict[str, str]:
    headers = {"Content-Type": "application/json"}
    if request.key_name:
        headers["Authorization"] = f"Bearer {request.key.text}"
    return headers


def _models(response: httpx2.Response, address: HostAddress) -> tuple[ServerModel, ...]:
    try:
        listed = msgspec.json.decode(response.content)["data"]
        return tuple(ServerModel(name=str(each["id"]), context=_context(each)) for each in listed)
    except (msgspec.DecodeError, KeyError, TypeError, RecursionError) as error:
        detail = _("not with a list of models")
        raise NetworkError(ErrorCode.HOST_NONSENSE, host=address.name, detail=detail) from error


def _context(model: dict[str, Any]) -> int:
    """Return the context in tokens, as llama-server, vLLM or others name it; 0 if they don't."""
    meta = model.get("meta")
    places = [meta if isinstance(meta, dict) else {}, model]
    names = ("n_ctx", "max_model_len", "context_length", "context_window", "n_ctx_train")
    for name in names:
        for place in places:
            if isinstance(place.get(name), int) and 0 < place[name] <= MOST_CONTEXT:
                return int(place[name])
    return 0
