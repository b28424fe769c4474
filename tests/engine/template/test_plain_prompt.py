"""Text to go on with, and a gap in a text, as a model without a template is given them."""

from pathlib import Path

import pytest

from core.base.errors import ErrorCode, ModelError
from core.engine.chat_template.plain_prompt import check_tokens, plain_prompt_tokens
from core.engine.llama.abort_flag import AbortFlag
from core.engine.llama.llama_model import LlamaModel
from core.messages import Placement


def test_a_model_that_fills_no_gaps_is_not_called_broken(starter_model: Path) -> None:
    model = LlamaModel(starter_model, Placement(context=64, threads=1, sequences=1), AbortFlag())
    try:
        vocabulary = model.vocabulary
        assert len(plain_prompt_tokens(vocabulary, "Once upon a time", "")) == 4
        with pytest.raises(ModelError) as caught:
            plain_prompt_tokens(vocabulary, "def add(a, b):", "return c")
        assert caught.value.code == ErrorCode.GAPS_UNKNOWN
        assert check_tokens(vocabulary, (0, vocabulary.size - 1)) == [0, vocabulary.size - 1]
        for wrong in (-1, vocabulary.size):
            with pytest.raises(ModelError) as caught:
                check_tokens(vocabulary, (5, wrong))
            assert caught.value.code == ErrorCode.TOKEN_UNKNOWN
    finally:
        model.close()
