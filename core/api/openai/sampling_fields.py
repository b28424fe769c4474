"""Sampling parameters of OpenAI's requests as those of the engine."""

from core.api.openai.chat_schema import SamplingFields
from core.messages import SamplingChoice


def sampling_of(
    body: SamplingFields, *, thinking: bool | None = None, schema: str = ""
) -> SamplingChoice:
    """Return what a request says about the choice of tokens."""
    stop = [body.stop] if isinstance(body.stop, str) else body.stop
    return SamplingChoice(
        temperature=body.temperature,
        top_k=body.top_k,
        top_p=body.top_p,
        min_p=body.min_p,
        typical_p=body.typical_p,
        repeat_penalty=body.repeat_penalty,
        presence_penalty=body.presence_penalty,
        frequency_penalty=body.frequency_penalty,
        seed=None if body.seed is None else body.seed % (2**32 - 1),
        stop=None if stop is None else tuple(text for text in stop if text),
        grammar=body.grammar,
        json_schema=schema or None,
        thinking=thinking,
    )
