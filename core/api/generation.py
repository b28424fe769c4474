"""Generation: the events of one or several answers, told to whoever writes them for an API."""

from collections.abc import Awaitable, Callable, Sequence
from functools import partial

import anyio
import uuid_utils
from msgspec import Struct, structs

from core.api.api_conversation import ASSISTANT, ToolUse
from core.api.api_errors import ApiError
from core.api.api_request import ApiRequest
from core.api.application_calls import CallEvents
from core.base.tool_call_reader import CALL_START
from core.messages import (
    FOLDER_PREFIX,
    SEARCH_SCOPE,
    AnswerDone,
    AskFolders,
    CallProgress,
    FoldersAnswered,
    GenerateText,
    PromptTurn,
)

GenerationEvent = CallProgress | AnswerDone
OnEvent = Callable[[int, GenerationEvent], Awaitable[None]]
"""Called with the number of the answer and its event."""
SEED_RANGE = 2**32 - 1
NO_TOOLS = ToolUse()
FORCED_USES = frozenset({"required", "one"})


def new_call_id() -> str:
    """Return an id that is unique and sorts by time."""
    return uuid_utils.uuid7().hex


async def ignore_event(_number: int, _event: GenerationEvent) -> None:
    """Wait for the end."""


def folder_and_model(name: str) -> tuple[str, str]:
    """Return the folder ("" for none) and the model ("": the chosen one) that a name stands for."""
    if not name.startswith(FOLDER_PREFIX):
        return "", name
    folder, plus, model = name.removeprefix(FOLDER_PREFIX).rpartition("+")
    return (folder, model) if plus else (model, "")


def call_of_model(
    request: ApiRequest,
    call: GenerateText,
    folders: Sequence[str] = (),
    use: ToolUse = NO_TOOLS,
) -> GenerateText | AskFolders:
    """Return the call for the model that it names: inglenook:FOLDER[+MODEL] asks a folder.

    Raises ApiError for what folders can't do, and for a token that may not search.
    """
    folder, model = folder_and_model(call.model)
    names = [*folders, folder] if folder else list(folders)
    if not names:
        return with_begun_answer(call)
    request.check_scope(SEARCH_SCOPE)
    if use.tools or call.sampling.json_schema or call.sampling.grammar or call.logprobs >= 0:
        raise ApiError(400, "Answers from folders take no tools, schemas or log probabilities.")
    if call.turns and call.turns[-1].role == ASSISTANT:
        raise ApiError(400, "Answers from folders need a question as the last message.")
    return AskFolders(
        call_id=call.call_id,
        client=call.client,
        model=model,
        folders=tuple(names),
        turns=call.turns,
        sampling=call.sampling,
        max_tokens=call.max_tokens,
    )


def with_begun_answer(call: GenerateText) -> GenerateText:
    """Return a call whose last message, if it is the assistant's, is the beginning of the answer.

    What must be of a form from its first letter begins anew: JSON by a schema, and forced calls.
    """
    *before, last = call.turns or (PromptTurn(role="", text=""),)
    sampling = call.sampling
    has_form = sampling.json_schema or sampling.grammar or sampling.tool_use in FORCED_USES
    if last.role != ASSISTANT or not before or has_form or CALL_START in last.text:
        return call
    return structs.replace(call, turns=tuple(before), begun=last.text)


async def generate_answers(
    request: ApiRequest, call: GenerateText | AskFolders, count: int, on_event: OnEvent
) -> list[AnswerDone]:
    """Return the ends of `count` answers to the same prompt; each draws another seed.

    Raises ApiError for the first that fails; the others are cancelled.
    """
    if count == 1:
        return [await _generate(request, call, 0, on_event)]
    done: list[AnswerDone | None] = [None] * count
    failures: list[ApiError] = []

    async def run(number: int) -> None:
        seed = call.sampling.seed
        if seed is not None:
            seed = (seed + number) % SEED_RANGE
        own = structs.replace(
            call, call_id=new_call_id(), sampling=structs.replace(call.sampling, seed=seed)
        )
        try:
            done[number] = await _generate(request, own, number, on_event)
        except ApiError as error:
            failures.append(error)
            group.cancel_scope.cancel()

    async with anyio.create_task_group() as group:
        for number in range(count):
            group.start_soon(partial(run, number))
    if failures:
        raise failures[0]
    return [each for each in done if each is not None]


async def _generate(
    request: ApiRequest, call: GenerateText | AskFolders, number: int, on_event: OnEvent
) -> AnswerDone:
    async with request.calls.open_call(call) as events:
        try:
            done = await _follow(request, events, number, on_event)
        except anyio.get_cancelled_exc_class():
            if left := _answer_of(await events.cancel_call()):
                _count_tokens(request, left)
            raise
    if done.stop == "cancelled":  # by the application, which is closing or has unloaded the model
        raise ApiError(503, "The answer was stopped on this computer.", code="cancelled")
    _count_tokens(request, done)
    await on_event(number, done)
    return done


async def _follow(
    request: ApiRequest, events: CallEvents, number: int, on_event: OnEvent
) -> AnswerDone:
    """Tell the progress of a call; return its end."""
    while True:
        event = await events.next_event()
        if isinstance(event, FoldersAnswered):
            request.folder_answers[number] = event
        if done := _answer_of(event):
            return done
        if isinstance(event, CallProgress):
            await on_event(number, event)


def _count_tokens(request: ApiRequest, done: AnswerDone) -> None:
    """Count what an answer cost. The prompt of several answers is one."""
    request.tokens_read = max(request.tokens_read, done.prompt_tokens)
    request.tokens_cached = max(request.tokens_cached, done.cached_tokens)
    request.tokens_written += done.completion_tokens


def _answer_of(event: Struct | None) -> AnswerDone | None:
    """Return the end of an answer, None for another event."""
    if isinstance(event, FoldersAnswered):
        return _as_answer(event)
    return event if isinstance(event, AnswerDone) else None


def _as_answer(answered: FoldersAnswered) -> AnswerDone:
    return AnswerDone(
        request_id="",
        stop=answered.stop,
        text=answered.text,
        thinking=answered.thinking,
        prompt_tokens=answered.prompt_tokens,
        cached_tokens=answered.cached_tokens,
        completion_tokens=answered.completion_tokens,
        thinking_tokens=answered.thinking_tokens,
    )
