"""Plain prompts: text that a model goes on with, or fills a gap in, without a template."""

from collections.abc import Sequence

import llama_cpp

from core.base.errors import ErrorCode, ModelError
from core.base.i18n import _
from core.engine.llama.model_vocabulary import Vocabulary


def plain_prompt_tokens(vocabulary: Vocabulary, prompt: str, suffix: str) -> list[int]:
    """Return the tokens of a text to go on with; control tokens in it count as such.

    With `suffix`, a model that knows how writes what comes between. Raises
    ModelError(GAPS_UNKNOWN) for one that doesn't, (TEMPLATE_FAILED) for an empty prompt.
    """
    tokens = vocabulary.tokenize(prompt, control=True)
    if suffix:
        marks = _gap_marks(vocabulary)
        after = vocabulary.tokenize(suffix, control=True)
        tokens = [marks[0], *tokens, marks[1], *after, marks[2]]
    if vocabulary.adds_bos and tokens[:1] != [vocabulary.bos]:
        tokens.insert(0, vocabulary.bos)
    if not tokens:
        detail = _("it gives an empty prompt")
        raise ModelError(ErrorCode.TEMPLATE_FAILED, file=_("the model file"), detail=detail)
    return tokens


def check_tokens(vocabulary: Vocabulary, tokens: Sequence[int]) -> list[int]:
    """Return the tokens of a prompt as they came. Raises ModelError(TOKEN_UNKNOWN)."""
    for token in tokens:
        if not 0 <= token < vocabulary.size:
            raise ModelError(ErrorCode.TOKEN_UNKNOWN, token=str(token), size=str(vocabulary.size))
    return list(tokens)


def _gap_marks(vocabulary: Vocabulary) -> tuple[int, int, int]:
    """Return the tokens before the text, before what follows, and before what is written."""
    marks = (
        int(llama_cpp.llama_vocab_fim_pre(vocabulary.handle)),
        int(llama_cpp.llama_vocab_fim_suf(vocabulary.handle)),
        int(llama_cpp.llama_vocab_fim_mid(vocabulary.handle)),
    )
    if min(marks) < 0:
        raise ModelError(ErrorCode.GAPS_UNKNOWN)
    return marks
