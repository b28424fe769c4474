"""Server engine: answers of a server through the courier, reported as the local engine does."""

from msgspec import structs

from core.app.network.remote_prompt import (
    EstimatedTokens,
    build_messages,
    build_parameters,
    prompt_fitted_event,
)
from core.app.network.server_service import ServerService
from core.base.errors import ErrorCode, InglenookError
from core.base.i18n import _
from core.chat.answering.answer_protocols import AnswerEngine, AnswerReply
from core.chat.answering.prompt_fitting import fit_prompt
from core.courier.client import CourierClient
from core.courier.connection.host_address import parse_address
from core.ipc.reply import Reply
from core.messages import (
    AnswerChunk,
    AnswerDone,
    AskServer,
    Failed,
    Generate,
    ModelLoaded,
    PromptFitted,
    RemoteServer,
    ServerChosen,
    ThinkingChunk,
)
from core.models.server_registry import LEAST_CONTEXT

PROMPT_TOKENS_PER_SECOND = 2000.0
"""Prompt tokens that a server is assumed to read each second; they bound a question's sources."""


class ServerEngine(AnswerEngine):
    """One server in place of the local engine. It is always loaded.

    It gets nothing but the question: `loaded_model` is None, so that rewriting a question and the
    like stay on this computer.
    """

    def __init__(self, courier: CourierClient, servers: ServerService, path: str) -> None:
        self._courier = courier
        self._servers = servers
        self._path = path

    def prepare_model(self, path: str) -> ModelLoaded:
        """Return a ModelLoaded that stands for the server."""
        server = self._servers.get_server(path)
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

    def loaded_model(self, path: str) -> ModelLoaded | None:  # noqa: ARG002 - the protocol's
        """Return None: nothing but the question itself goes to a server."""
        return None

    def start_generation(self, request: Generate) -> AnswerReply:
        """Send the question, cut to the server's context, if consent and budget allow it."""
        try:
            server = self._servers.answering_server(self._path)
            context = server.context or LEAST_CONTEXT
            asked = structs.replace(request, shortens_ahead=False)  # it reads all anew, or says so
            fitted = fit_prompt(asked, context, PROMPT_TOKENS_PER_SECOND, EstimatedTokens())
            parameters = build_parameters(request)
        except InglenookError as error:
            return self._courier.refuse(request, error)
        messages = build_messages(fitted, request.begun)
        question = AskServer(
            request_id=request.request_id,
            servers=tuple(RemoteServer(address=address) for address in server.addresses),
            key_name=server.key_name,
            model=server.model,
            messages=messages,
            parameters=parameters,
        )
        return _engine_reply(
            self._courier.send(question), prompt_fitted_event(request, fitted, messages)
        )


def _engine_reply(
    sent: Reply[ServerChosen | AnswerChunk | ThinkingChunk, AnswerDone], fitted: PromptFitted
) -> AnswerReply:
    """Return the reply of a server as the engine would give it.

    `fitted` is reported for each server that begins: it voids what another one had written.
    """
    answer: AnswerReply = Reply(sent.request_id, sent.cancel)

    def report(progress: ServerChosen | AnswerChunk | ThinkingChunk) -> None:
        if isinstance(progress, ServerChosen):
            answer.report(structs.replace(fitted, note=_server_change_note(progress)))
        else:
            answer.report(progress)

    def fail(failed: Failed) -> None:
        if failed.code == ErrorCode.CANCELLED:  # while its key was looked for
            answer.finish(AnswerDone(request_id=sent.request_id, stop="cancelled"))
        else:
            answer.fail(failed)

    sent.on_progress(report).on_done(answer.finish).on_error(fail)
    return answer


def _server_change_note(chosen: ServerChosen) -> str:
    """Return the note that another server answers than the one that failed, "" for the first."""
    if not chosen.instead_of:
        return ""
    server, failed = parse_address(chosen.address).name, parse_address(chosen.instead_of).name
    if server == failed and chosen.begun_again:
        return _("{gone} broke off and was asked again, from the beginning.").format(gone=failed)
    if server == failed:
        return _("{gone} had to be asked twice.").format(gone=failed)
    if chosen.begun_again:
        text = _("{gone} broke off; {there} began the answer again.")
    else:
        text = _("{gone} could not be reached; {there} answered.")
    return text.format(gone=failed, there=server)
