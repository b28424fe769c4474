"""Prompt preparation: the tokens of a request's prompt, and how long its answer may be."""

from collections.abc import Callable, Sequence

from core.base.errors import ErrorCode, InglenookError
from core.engine.chat_template.plain_prompt import check_tokens, plain_prompt_tokens
from core.engine.chat_template.transcript_tokenizer import TranscriptTokenizer
from core.engine.runtime.answer_job import ExpectedPrompt
from core.engine.runtime.kv_snapshots import common_prefix_length
from core.engine.runtime.model_loading import LoadedModel
from core.messages import FITTING_LENGTH, FittedPrompt, Generate, PromptTurn

FitPrompt = Callable[[Generate, int, float, TranscriptTokenizer], FittedPrompt]
"""Returns the prompt that fits, from request, context, reading speed in tokens/s and counter."""

MIN_LENGTH, MAX_LENGTH = 512, 8192
"""Bounds of an answer's length in tokens where no limit is set: some 350 and 6,000 words."""
_OTHER_QUESTION = "1"
"""Stands for a question that differs from the expected one from its first letter on."""


def prepare_prompt(
    fit: FitPrompt, request: Generate, loaded: LoadedModel, transcript: TranscriptTokenizer
) -> tuple[FittedPrompt, list[int]]:
    """Return the prompt and its tokens."""
    vocabulary = loaded.model.vocabulary
    if request.prompt_ids:
        tokens = check_tokens(vocabulary, request.prompt_ids)
        return FittedPrompt(turns=(), sent=vocabulary.detokenize(tokens)), tokens
    if request.prompt or request.suffix:
        tokens = plain_prompt_tokens(vocabulary, request.prompt, request.suffix)
        return FittedPrompt(turns=(), sent=request.prompt), tokens
    speed = loaded.scheduler.prompt_tokens_per_second
    fitted = fit(request, context_for(loaded, request), speed, transcript)
    return fitted, transcript.prompt_tokens(fitted.turns)


def expected_prompt(
    fit: FitPrompt, request: Generate, loaded: LoadedModel, transcript: TranscriptTokenizer
) -> ExpectedPrompt:
    """Return what the prompt begins with whatever is asked in place of the request's question.

    The template alone knows where that is: prompts with two questions are compared.
    """
    fitted, tokens = prepare_prompt(fit, request, loaded, transcript)
    other = PromptTurn(role=fitted.turns[-1].role, text=_OTHER_QUESTION)
    others = transcript.prompt_tokens((*fitted.turns[:-1], other))
    return ExpectedPrompt(
        tokens[: common_prefix_length(tokens, others)],
        loaded.state_key(request.adapters),
        request.state_folder,
        request.adapters,
    )


def context_for(loaded: LoadedModel, request: Generate) -> int:
    """Return how many tokens prompt and answer may have together."""
    size = loaded.context.size
    return min(size, request.most_context) if request.most_context > 0 else size


def token_limit(loaded: LoadedModel, tokens: Sequence[int], request: Generate) -> int:
    """Return how many tokens an answer may have, as the context leaves them.

    Raises PROMPT_TOO_LONG where that is nothing.
    """
    most, context = request.max_tokens, context_for(loaded, request)
    free = context - len(tokens)
    if free <= 0:
        size = str(context)
        raise InglenookError(ErrorCode.PROMPT_TOO_LONG, tokens=str(len(tokens)), context=size)
    if most == FITTING_LENGTH:
        most = fitting_length(context, thinks=loaded.marks is not None)
    return min(free, most) if most > 0 else free


def fitting_length(context: int, *, thinks: bool) -> int:
    """Return how many tokens suit an answer: a quarter of the context, in bounds.

    A model that thinks first has twice that, since its thinking counts.
    """
    length = max(MIN_LENGTH, min(MAX_LENGTH, context // 4))
    return min(2 * length, context // 2) if thinks else length
