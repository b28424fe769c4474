"""Sampling parameters of OpenAI's requests as those of the engine."""

from core.api.api_conversation import ToolUse
from core.api.openai.chat_schema import SamplingFields
from core.messages import SamplingChoice

_NO_TOOLS = ToolUse()


def sampling_of(
    body: SamplingFields,
    *,
    thinking: bool | None = None,
    schema: str = "",
    tools: ToolUse = _NO_TOOLS,
) -> SamplingChoice:
    """Return what a request says about the choice of tokens.

    Biases are for token ids; a key that is no number is a text, all of whose tokens are biased.
    """
    penalty = body.repetition_penalty if body.repeat_penalty is None else body.repeat_penalty
    stop = [body.stop] if isinstance(body.stop, str) else body.stop
    biases = body.logit_bias or {}
    by_id = {int(key): bias for key, bias in biases.items() if key.isascii() and key.isdigit()}
    by_text = {key: bias for key, bias in biases.items() if not (key.isascii() and key.isdigit())}
    return SamplingChoice(
        temperature=body.temperature,
        top_k=None if body.top_k is None else max(body.top_k, 0),
        top_p=body.top_p,
        min_p=body.min_p,
        typical_p=body.typical_p,
        repeat_penalty=penalty,
        repeat_last_n=body.repeat_last_n,
        presence_penalty=body.presence_penalty,
        frequency_penalty=body.frequency_penalty,
        seed=None if body.seed is None else body.seed % (2**32 - 1),
        stop=None if stop is None else tuple(text for text in stop if text),
        grammar=body.grammar,
        json_schema=schema or None,
        thinking=thinking,
        logit_bias=by_text or None,
        token_bias=by_id or None,
        tools=tools.schemas,
        tool_use=tools.use if tools.tools else None,
    )
