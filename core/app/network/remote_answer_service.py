"""Answers from servers: sent through the courier, reported like the local engine's."""

from collections.abc import Callable

from msgspec import structs

from core.app.events.app_events import AppEvent
from core.app.events.network_events import ServerAnswering
from core.app.network.remote_prompt import (
    EstimatedTokens,
    build_messages,
    build_parameters,
    prompt_fitted_event,
)
from core.base.errors import InglenookError
from core.base.i18n import _
from core.chat.answering.answer_protocols import AnswerEngine
from core.chat.answering.answer_request import AnswerRequest
from core.chat.answering.history_summary import LEAVE_OUT, SUMMARISE
from core.chat.answering.prompt_fitting import fit_prompt
from core.courier.client import CourierClient
from core.courier.connection.host_address import parse_address
from core.messages import (
    AnswerChunk,
    AnswerDone,
    AskServer,
    CourierEvent,
    EngineEvent,
    Failed,
    Generate,
    ModelLoaded,
    PromptFitted,
    RemoteServer,
    ServerChosen,
    ThinkingChunk,
)
from core.models.server_registry import LEAST_CONTEXT, ServerEntry

PROMPT_TOKENS_PER_SECOND = 2000.0
"""Tokens a server is taken to read each second, which bounds how much is sent with a question."""


class RemoteAnswerService:
    """Questions on their way. `ready` returns a server that was agreed to, or raises NetworkError.

    `hear` takes what an answer is told, as from the engine.
    """

    def __init__(
        self,
        courier: CourierClient,
        ready: Callable[[str], ServerEntry],
        emit: Callable[[AppEvent], None],
        hear: Callable[[EngineEvent], object],
    ) -> None:
        self._courier = courier
        self._ready = ready
        self._emit = emit
        self._emit_engine_event = hear
        self._asked: dict[str, PromptFitted] = {}
        self._early: list[EngineEvent] = []

    def send_question(self, path: str, request: Generate) -> None:
        """Fit a question to a server's context and put it to the server, if that is agreed to."""
        try:
            server = self._ready(path)
            context = server.context or LEAST_CONTEXT
            fitted = fit_prompt(request, context, PROMPT_TOKENS_PER_SECOND, EstimatedTokens())
            parameters = build_parameters(request)
        except InglenookError as error:
            failed = Failed(request_id=request.request_id, code=error.code, facts=error.facts)
            self._early.append(failed)
            return
        messages = build_messages(fitted, request.begun)
        self._asked[request.request_id] = prompt_fitted_event(request, fitted, messages)
        self._courier.send(
            AskServer(
                request_id=request.request_id,
                servers=tuple(
                    RemoteServer(address=address, key_name=server.key_name)
                    for address in server.addresses
                ),
                model=server.model,
                messages=messages,
                parameters=parameters,
            )
        )

    def cancel(self, request_id: str) -> None:
        """Stop an answer; AnswerDone still comes."""
        self._courier.cancel(request_id)

    def emit_pending_events(self) -> None:
        """Tell answers what could be said at once."""
        early, self._early = self._early, []
        for event in early:
            self._emit_engine_event(event)

    def on_courier_event(self, event: CourierEvent) -> bool:
        """Take what the courier says; returns whether it was about an answer."""
        request_id = getattr(event, "request_id", "")
        fitted = self._asked.get(request_id)
        if fitted is None:
            return False
        if isinstance(event, ServerChosen):
            # Told anew, it voids what another server had written.
            self._emit_engine_event(structs.replace(fitted, note=_server_change_note(event)))
            self._emit(ServerAnswering(turn_id=request_id, host=parse_address(event.address).name))
        elif isinstance(event, AnswerChunk | ThinkingChunk | AnswerDone | Failed):
            if isinstance(event, AnswerDone | Failed):
                del self._asked[request_id]
            self._emit_engine_event(event)
        return True


class ServerEngine(AnswerEngine):
    """One server in the place of the engine. It is always prepared, and reads nothing ahead.

    Never `ready` for a question that isn't asked yet: rewriting and the like stay here.
    """

    def __init__(self, answers: RemoteAnswerService, path: str, server: ServerEntry | None) -> None:
        self._answers = answers
        self._path = path
        self._server = server

    def prepare_model(self, path: str) -> ModelLoaded | str | None:
        """Return what stands for a loaded model."""
        server = self._server
        model, context = (server.model, server.context) if server else ("", 0)
        return ModelLoaded(
            request_id="",
            path=path,
            fingerprint=f"{path} {model}",
            context=context or LEAST_CONTEXT,
            threads=0,
            prompt_tokens_per_second=PROMPT_TOKENS_PER_SECOND,
            seconds=0.0,
        )

    def loaded_model(self, path: str) -> ModelLoaded | None:  # noqa: ARG002 - the engine needs it
        """Return None: nothing but the question itself goes to a server."""
        return None

    def start_generation(self, request: Generate) -> None:
        """Put the question to the server."""
        self._answers.send_question(self._path, request)

    def cancel(self, request_id: str) -> None:
        """Stop answering; AnswerDone still comes."""
        self._answers.cancel(request_id)


def adapt_request_for_server(order: AnswerRequest) -> AnswerRequest:
    """Return an order that needs nothing of this computer's engine but the question itself.

    What no longer fits is left out: a summary would be one more thing to send.
    """
    keeps = order.when_full if order.when_full != SUMMARISE else LEAVE_OUT
    return structs.replace(order, adapters=(), state_folder="", when_full=keeps)


def _server_change_note(chosen: ServerChosen) -> str:
    """Say that another server answers than the one that began."""
    if not chosen.instead_of:
        return ""
    there, gone = parse_address(chosen.address).name, parse_address(chosen.instead_of).name
    if there == gone and chosen.begun_again:
        return _("{gone} broke off and was asked again, from the beginning.").format(gone=gone)
    if there == gone:
        return _("{gone} had to be asked twice.").format(gone=gone)
    if chosen.begun_again:
        words = _("{gone} broke off; {there} began the answer again.")
    else:
        words = _("{gone} could not be reached; {there} answered.")
    return words.format(gone=gone, there=there)
