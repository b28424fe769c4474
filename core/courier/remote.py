"""Answers of OpenAI-compatible servers, from the one with the least to do, and what they offer."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import httpx2
import msgspec

from core.courier import keys
from core.courier.address import Address, parse
from core.courier.loads import Loads
from core.courier.stop import Stop, hang_up
from core.courier.stream import pieces, refusal
from core.courier.web import Web, expect_json, in_our_words
from core.courier.written import Written
from core.errors import Code, InglenookError, NetworkError
from core.messages import (
    AnswerDone,
    AskServer,
    ListServerModels,
    RemoteServer,
    ServerChosen,
    ServerModel,
    ServerModels,
)
from core.words import _

LONGEST_ANSWER = 4_000_000
"""Letters, thoughts included; a server that goes on is not listened to any more."""
READING_SECONDS = 600.0
"""How long a server may read a prompt before its first word."""
FEWEST_TRIES = 3
MOST_CONTEXT = 1 << 30
"""Tokens; a server that says more says nothing."""
_TRIED_AGAIN = frozenset({Code.HOST_UNREACHABLE, Code.HOST_TROUBLE, Code.SERVER_CUT})
_COMMON = ("temperature", "top_p", "max_tokens", "seed", "stop", "presence_penalty",
           "frequency_penalty")  # fmt: skip
"""What every server understands; the rest is left out for one that refuses it."""


def list_models(request: ListServerModels, web: Web) -> ServerModels:
    """Ask a server what it offers. Raises NetworkError."""
    address = base_of(request.server.address)
    web.allow(address)
    began = time.monotonic()
    with in_our_words(address, web), web.client(connections=1) as client:
        question = client.build_request(
            "GET", f"{address.url}/models", headers=_headers(request.server)
        )
        response = client.send(question, stream=True)
        if not response.is_success:
            web.failed(address)
            raise refusal(response, address)
        expect_json(response)
        web.received(response.url, len(response.read()))
        models = _models(response, address)
    seconds = time.monotonic() - began
    return ServerModels(request_id=request.request_id, models=models, seconds=seconds)


def base_of(text: str) -> Address:
    """Return the address that /models and /chat/completions stand behind. Raises NetworkError."""
    address = parse(text)
    path = address.path.removesuffix("/chat/completions").removesuffix("/models")
    return address._replace(path=path or "/v1")


class Answering:
    """One question, put to servers until one has answered it. `run` is called once."""

    def __init__(
        self,
        request: AskServer,
        web: Web,
        stop: Stop,
        send: Callable[[msgspec.Struct], None],
        loads: Loads,
    ) -> None:
        self._request = request
        self._web = web
        self._stop = stop
        self._send = send
        self._loads = loads
        self._tried: list[str] = []
        last = request.messages[-1]
        begun = last.content if last.role == "assistant" else ""
        self._written = Written(request.request_id, send, begun)

    def run(self) -> AnswerDone:
        """Return the whole answer. Raises NetworkError when no address could give one."""
        request = self._request
        tries = max(FEWEST_TRIES, 2 * len(request.servers))
        gone = ""
        for number in range(1, tries + 1):
            server = self._loads.begin(request.servers, self._tried)
            failed = True
            try:
                self._say_chosen(server, gone)
                done = self._ask(server)
                failed = False
                return done
            except InglenookError as error:
                if self._stop.is_set():
                    failed = False
                    return self._written.done("cancelled")
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
                self._loads.end(server.address, failed=failed, seconds_to_first=first)
        raise AssertionError("the last try raises")

    def _in_its_middle(self, error: InglenookError, server: RemoteServer) -> InglenookError:
        """A connection that breaks when words have come is an answer cut off."""
        if error.code == Code.HOST_UNREACHABLE and self._written.seconds_to_first:
            return NetworkError(Code.SERVER_CUT, host=base_of(server.address).name)
        return error

    def _say_chosen(self, server: RemoteServer, gone: str) -> None:
        """Tell who answers; what another one had written is void."""
        self._send(
            ServerChosen(
                request_id=self._request.request_id,
                address=server.address,
                instead_of=gone,
                begun_again=self._written.begin_again(),
            )
        )

    def _ask(self, server: RemoteServer) -> AnswerDone:
        address = base_of(server.address)
        self._web.allow(address)
        parameters: dict[str, Any] = msgspec.json.decode(self._request.parameters)
        common = {name: parameters[name] for name in _COMMON if name in parameters}
        with (
            in_our_words(address, self._web),
            self._web.client(silence=READING_SECONDS, connections=1) as client,
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
        address: Address,
        parameters: dict[str, Any],
    ) -> Iterator[httpx2.Response]:
        """Send the question; Stop ends the connection, also while nothing comes."""

        def trace(name: str, info: dict[str, Any]) -> None:
            if name == "connection.connect_tcp.complete":
                connection = info["return_value"].get_extra_info("socket")
                self._stop.on_set(lambda: hang_up(connection))

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

    def _read(self, response: httpx2.Response, address: Address) -> AnswerDone:
        if not response.is_success:
            raise refusal(response, address)
        if "text/event-stream" not in response.headers.get("content-type", ""):
            expect_json(response)
            detail = _("without streaming")
            raise NetworkError(Code.HOST_NONSENSE, host=address.name, detail=detail)
        before, stop = 0, ""
        for piece in pieces(response, address):
            self._web.received(response.url, response.num_bytes_downloaded - before)
            before = response.num_bytes_downloaded
            if self._stop.is_set():
                return self._written.done("cancelled")
            self._written.add(piece)
            stop = piece.stop or stop
            if self._written.letters > LONGEST_ANSWER:
                return self._written.done("length")
        return self._written.done(stop or "eos")


def _headers(server: RemoteServer) -> dict[str, str]:
    headers = {"Content-Type": "application/json"}
    if server.key_name:
        headers["Authorization"] = f"Bearer {keys.key_of(server.key_name)}"
    return headers


def _models(response: httpx2.Response, address: Address) -> tuple[ServerModel, ...]:
    try:
        listed = msgspec.json.decode(response.content)["data"]
        return tuple(ServerModel(name=str(each["id"]), context=_context(each)) for each in listed)
    except (msgspec.DecodeError, KeyError, TypeError, RecursionError) as error:
        detail = _("not with a list of models")
        raise NetworkError(Code.HOST_NONSENSE, host=address.name, detail=detail) from error


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
