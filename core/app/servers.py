"""Servers of the person's own: kept, tried, agreed to, and asked for the chats that chose them."""

from collections.abc import Callable, Collection, Sequence

import uuid_utils
from msgspec import structs

from core.app.events import AppEvent, ModelsChanged, RequestFailed
from core.app.events_fetch import ServerAnswers, ServerTested
from core.app.problems import problem_of_failure
from core.app.remote_prompt import EstimatedTokens, messages_of, parameters_of, told
from core.chat.order import Order
from core.chat.ports import EnginePort
from core.chat.prompt import fit
from core.chat.summary import LEAVE_OUT, SUMMARISE
from core.courier.address import parse
from core.courier.client import CourierClient
from core.errors import Code, InglenookError, NetworkError
from core.messages import (
    AnswerDone,
    AskServer,
    Chunk,
    CourierEvent,
    EngineEvent,
    Failed,
    Generate,
    ListServerModels,
    ModelLoaded,
    PromptFitted,
    RemoteServer,
    ServerChosen,
    ServerModels,
    Thought,
)
from core.models.entry import ModelEntry
from core.models.naming import slug
from core.models.servers import LEAST_CONTEXT, SCHEME, ServerEntry, Servers, is_server
from core.paths import Paths
from core.words import _

READS_A_SECOND = 2000.0
"""Tokens a server is taken to read each second, which bounds how much is sent with a question."""


class ServerDesk:
    """One thread uses it. Nothing is sent to an address before `allow`, and nothing by itself.

    `hear` takes what an answer is told, as from the engine.
    """

    def __init__(
        self,
        courier: CourierClient,
        paths: Paths,
        emit: Callable[[AppEvent], None],
        hear: Callable[[EngineEvent], object],
    ) -> None:
        self._courier = courier
        self._servers = Servers(paths.servers)
        self._emit = emit
        self._hear = hear
        self._tests: dict[str, str] = {}
        self._asked: dict[str, PromptFitted] = {}
        self._early: list[EngineEvent] = []

    def all(self) -> tuple[ServerEntry, ...]:
        """Return every server by name."""
        return self._servers.all()

    def entries(self) -> tuple[ModelEntry, ...]:
        """Return the servers as they stand among models."""
        return tuple(server.entry for server in self._servers.all())

    def get(self, name: str) -> ServerEntry | None:
        """Return a server by its name or path, None if there is none."""
        return self._servers.get(name)

    def find(self, name: str) -> ServerEntry:
        """Return a server by its name or path. Raises NetworkError."""
        server = self._servers.get(name)
        if server is None:
            raise NetworkError(Code.SERVER_UNKNOWN, name=name)
        return server

    def ready(self, name: str) -> ServerEntry:
        """Return a server that text may leave for. Raises NetworkError."""
        server = self.find(name)
        if server.lacking:
            host = ", ".join(parse(address).name for address in server.lacking)
            raise NetworkError(Code.SERVER_CONSENT, host=host, name=server.name)
        return server

    def add(
        self,
        name: str,
        addresses: Sequence[str],
        model: str,
        *,
        context: int = 0,
        has_key: bool = False,
    ) -> ServerEntry:
        """Keep a server; nothing is sent to it yet. Raises NetworkError or StorageError.

        A key is kept apart, under the entry's `key_name` (see `core.app.keys`).
        """
        ref = slug(name)
        before = self._servers.get(ref)
        urls = tuple(dict.fromkeys(parse(address).url for address in addresses))
        agreed = before.agreed if before else ()
        server = ServerEntry(
            name=ref,
            addresses=urls,
            model=model.strip(),
            context=context,
            key_name=f"server {ref}" if has_key else "",
            agreed=tuple(address for address in agreed if address in urls),
        )
        self._keep(server)
        return server

    def allow(self, name: str) -> ServerEntry:
        """Agree that text leaves for all addresses of a server. Raises NetworkError."""
        server = self.find(name)
        return self._keep(structs.replace(server, agreed=server.addresses))

    def withdraw(self, name: str) -> ServerEntry:
        """Agree no longer. Raises NetworkError."""
        return self._keep(structs.replace(self.find(name), agreed=()))

    def remove(self, name: str) -> ServerEntry:
        """Forget a server; whoever calls forgets its key too. Raises NetworkError."""
        server = self.find(name)
        self._servers.remove(server.name)
        self._emit(ModelsChanged())
        return server

    def used_by(self, chat_id: str) -> ServerEntry | None:
        """Return the server that a person chose in a chat, None for models of this computer."""
        return self._servers.used_by(chat_id)

    def remember(self, chat_id: str, path: str, *, temporary: bool) -> None:
        """A question named its model: the chat goes on with it if it is a server.

        Raises StorageError.
        """
        name = path.removeprefix(SCHEME) if is_server(path) else ""
        self._servers.use(chat_id, name, temporary=temporary)

    def tidy(self, chat_ids: Collection[str]) -> None:
        """Forget what was chosen in chats that are gone."""
        self._servers.tidy(chat_ids)

    def use(self, chat_id: str, name: str) -> None:
        """Answer a chat with this server from now on, "" for none. Raises NetworkError."""
        self._servers.use(chat_id, self.ready(name).name if name else "")
        self._emit(ModelsChanged())

    def test(self, address: str, key_name: str = "") -> str:
        """Ask a server what it offers: ServerTested or RequestFailed carries the returned id.

        Raises NetworkError for an address that can't be used.
        """
        server = RemoteServer(address=parse(address).url, key_name=key_name)
        request = ListServerModels(request_id=uuid_utils.uuid7().hex, server=server)
        self._tests[request.request_id] = server.address
        return self._courier.send(request)

    def port(self, path: str) -> EnginePort:
        """Return the server with this path as an answer asks an engine."""
        return ServerPort(self, path)

    def begin(self, path: str, request: Generate) -> None:
        """Fit a question to a server's context and put it to the server, if that is agreed to."""
        try:
            server = self.ready(path)
            context = server.context or LEAST_CONTEXT
            fitted = fit(request, context, READS_A_SECOND, EstimatedTokens())
        except InglenookError as error:
            failed = Failed(request_id=request.request_id, code=error.code, facts=error.facts)
            self._early.append(failed)
            return
        messages = messages_of(fitted, request.begun)
        self._asked[request.request_id] = told(request, fitted, messages)
        self._courier.send(
            AskServer(
                request_id=request.request_id,
                servers=tuple(
                    RemoteServer(address=address, key_name=server.key_name)
                    for address in server.addresses
                ),
                model=server.model,
                messages=messages,
                parameters=parameters_of(request),
            )
        )

    def cancel(self, request_id: str) -> None:
        """Stop an answer; AnswerDone still comes."""
        self._courier.cancel(request_id)

    def pump(self) -> None:
        """Tell answers what could be said at once."""
        early, self._early = self._early, []
        for event in early:
            self._hear(event)

    def on_courier(self, event: CourierEvent) -> bool:
        """Take what the courier says; returns whether it was about a server."""
        request_id = getattr(event, "request_id", "")
        if request_id in self._tests:
            self._on_tested(self._tests.pop(request_id), event)
        elif request_id in self._asked:
            self._on_answer(request_id, event)
        else:
            return False
        return True

    def _on_answer(self, request_id: str, event: CourierEvent) -> None:
        if isinstance(event, ServerChosen):
            fitted = self._asked[request_id]
            self._hear(structs.replace(fitted, note=_changed_words(event)))
            self._emit(ServerAnswers(turn_id=request_id, host=parse(event.address).name))
        elif isinstance(event, Chunk | Thought | AnswerDone | Failed):
            if isinstance(event, AnswerDone | Failed):
                del self._asked[request_id]
            self._hear(event)

    def _on_tested(self, address: str, event: CourierEvent) -> None:
        if isinstance(event, Failed):
            problem = problem_of_failure(event)
            self._emit(RequestFailed(request_id=event.request_id, problem=problem))
        elif isinstance(event, ServerModels):
            self._emit(
                ServerTested(
                    request_id=event.request_id,
                    address=address,
                    models=event.models,
                    seconds=event.seconds,
                )
            )

    def _keep(self, server: ServerEntry) -> ServerEntry:
        self._servers.put(server)
        self._emit(ModelsChanged())
        return server


class ServerPort(EnginePort):
    """One server in the place of the engine. It is always ready, and reads nothing ahead.

    Never `ready` to a question that isn't asked yet: rewriting and the like stay on this computer.
    """

    def __init__(self, desk: ServerDesk, path: str) -> None:
        self._desk = desk
        self._path = path

    def prepare(self, path: str) -> ModelLoaded | str | None:
        """Return what stands for a loaded model."""
        server = self._desk.get(path)
        model, context = (server.model, server.context) if server else ("", 0)
        return ModelLoaded(
            request_id="",
            path=path,
            fingerprint=f"{path} {model}",
            context=context or LEAST_CONTEXT,
            threads=0,
            prompt_tokens_per_second=READS_A_SECOND,
            seconds=0.0,
        )

    def ready(self, path: str) -> ModelLoaded | None:  # noqa: ARG002 - the engine needs it
        """Return None: nothing but the question itself goes to a server."""
        return None

    def generate(self, request: Generate) -> None:
        """Put the question to the server."""
        self._desk.begin(self._path, request)

    def cancel(self, request_id: str) -> None:
        """Stop answering; AnswerDone still comes."""
        self._desk.cancel(request_id)


def for_server(order: Order) -> Order:
    """Return an order that needs nothing of this computer's engine but the question itself.

    What no longer fits is left out: a summary would be one more thing to send.
    """
    keeps = order.when_full if order.when_full != SUMMARISE else LEAVE_OUT
    return structs.replace(order, adapters=(), state_folder="", when_full=keeps)


def _changed_words(chosen: ServerChosen) -> str:
    """Say that another server answers than the one that began."""
    if not chosen.instead_of:
        return ""
    there, gone = parse(chosen.address).name, parse(chosen.instead_of).name
    if there == gone and chosen.begun_again:
        return _("{gone} broke off and was asked again, from the beginning.").format(gone=gone)
    if there == gone:
        return _("{gone} had to be asked twice.").format(gone=gone)
    if chosen.begun_again:
        words = _("{gone} broke off; {there} began the answer again.")
    else:
        words = _("{gone} could not be reached; {there} answered.")
    return words.format(gone=gone, there=there)
