"""Prompts for servers: request, messages that fit the context, and sampling parameters."""

from collections.abc import Sequence

import msgspec
from msgspec import structs

from core.base.errors import ErrorCode, ModelError
from core.chat.answering.answer_request import AnswerRequest
from core.chat.answering.conversation_summary import LEAVE_OUT, SUMMARISE
from core.messages import (
    FittedPrompt,
    Generate,
    PromptFitted,
    PromptTurn,
    RemoteMessage,
    Sampling,
)

BYTES_PER_TOKEN = 3.0
"""Bytes of text per token, estimated: fewer than with most models, so that a prompt fits."""
FRAME_TOKENS = 8
"""Tokens that a template adds to each message, estimated."""


def adapt_request_for_server(request: AnswerRequest) -> AnswerRequest:
    """Return a request that needs nothing of this computer's engine.

    What no longer fits is left out: a summary would be one more thing to send. Nor are tools'
    results sent, as that would send documents that nobody picked.
    """
    when_full = request.when_full if request.when_full != SUMMARISE else LEAVE_OUT
    return structs.replace(
        request,
        adapters=(),
        left_out_adapters=request.adapters + request.left_out_adapters,
        state_folder="",
        when_full=when_full,
        uses_tools=False,
    )


class EstimatedTokens:
    """A token counter without the server's vocabulary, which is unknown here."""

    def count_turns(self, turns: Sequence[PromptTurn]) -> int:
        """Return the estimated tokens of the whole prompt."""
        return sum(self.count_text(turn.text) + FRAME_TOKENS for turn in turns)

    def count_text(self, text: str) -> int:
        """Return the estimated tokens of a piece of text."""
        return int(len(text.encode()) / BYTES_PER_TOKEN) + 1


def build_messages(fitted: FittedPrompt, begun: str) -> tuple[RemoteMessage, ...]:
    """Return the chat as messages; an answer that is continued (`begun`) is the last one."""
    messages = [RemoteMessage(role=turn.role, content=turn.text) for turn in fitted.turns]
    if begun:
        messages.append(RemoteMessage(role="assistant", content=begun))
    return tuple(messages)


def prompt_fitted_event(
    request: Generate, fitted: FittedPrompt, messages: Sequence[RemoteMessage]
) -> PromptFitted:
    """Return the event that tells an answer what was sent of its prompt."""
    return PromptFitted(
        request_id=request.request_id,
        sent=fitted.sent,
        sources_used=fitted.sources_used,
        sources_widened=fitted.sources_widened,
        turns_left_out=fitted.turns_left_out,
        sources_left_out=fitted.sources_left_out,
        prompt_tokens=EstimatedTokens().count_turns(fitted.turns),
        cached_tokens=0,
        prompt="\n\n".join(f"{each.role}: {each.content}" for each in messages),
    )


def build_parameters(request: Generate) -> str:
    """Return the sampling as JSON for OpenAI-compatible servers, extensions included.

    Raises ModelError for an invalid JSON schema.
    """
    sampling = request.sampling
    fields: dict[str, object] = {
        "temperature": sampling.temperature,
        "top_p": sampling.top_p,
        "presence_penalty": sampling.presence_penalty,
        "frequency_penalty": sampling.frequency_penalty,
        "top_k": sampling.top_k or -1,
        "min_p": sampling.min_p,
    }
    if request.max_tokens > 0:  # a server knows best what fits its model
        fields["max_tokens"] = request.max_tokens
    if sampling.seed is not None:
        fields["seed"] = sampling.seed
    if sampling.stop:
        fields["stop"] = list(sampling.stop)
    if sampling.repeat_penalty != 1.0:
        # llama-server's name for it, and vLLM's.
        fields["repeat_penalty"] = fields["repetition_penalty"] = sampling.repeat_penalty
    if not sampling.thinking:
        fields["chat_template_kwargs"] = {"enable_thinking": False}
    if request.begun:
        fields |= {"continue_final_message": True, "add_generation_prompt": False}
    return msgspec.json.encode({**fields, **_output_format(sampling)}).decode()


def _output_format(sampling: Sampling) -> dict[str, object]:
    """Return the fields for a grammar or a JSON schema. Raises ModelError."""
    if sampling.grammar:
        return {"grammar": sampling.grammar}
    if sampling.json_schema:
        try:
            content = msgspec.json.decode(sampling.json_schema)
        except msgspec.DecodeError as error:
            raise ModelError(ErrorCode.SCHEMA_INVALID, detail=str(error)) from error
        schema = {"name": "answer", "schema": content}
        return {"response_format": {"type": "json_schema", "json_schema": schema}}
    return {}
