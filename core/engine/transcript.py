"""A transcript as tokens: the template's pieces may hold control tokens, people's text never."""

import functools
from collections.abc import Callable, Sequence

from core.engine.model import Vocabulary
from core.engine.template import Piece, render
from core.messages import PromptTurn

CACHED_TEXTS = 8192
"""Contents whose tokens are remembered: fitting a prompt counts the same turns many times."""


def _go_on() -> None:
    """Never stop."""


class Transcript:
    """Renders and counts turns for one model, with the template of `file` or the plain form.

    `check` is called before each prompt is made and may raise to stop a long fitting.
    """

    def __init__(
        self,
        vocabulary: Vocabulary,
        template: str,
        file: str = "",
        check: Callable[[], None] = _go_on,
    ) -> None:
        self._file = file
        self._check = check
        self._vocabulary = vocabulary
        self._template = template
        self._bos = vocabulary.text_of(vocabulary.bos)
        self._eos = vocabulary.text_of(vocabulary.eos)
        self._tokenize = functools.lru_cache(CACHED_TEXTS)(self._tokenize_once)

    def tokens(self, turns: Sequence[PromptTurn]) -> list[int]:
        """Return the prompt for the next answer. Raises ModelError(TEMPLATE_FAILED).

        An answer's own tokens are used where they are known: one answer in forty re-tokenises to
        other ids, and then nothing after it could be reused.
        """
        self._check()
        messages = [(turn.role, turn.text) for turn in turns]
        pieces = render(
            self._template,
            messages,
            bos_token=self._bos,
            eos_token=self._eos,
            add_generation_prompt=True,
            file=self._file,
        )
        tokens: list[int] = []
        for piece in pieces:
            tokens += self._piece_tokens(piece, turns)
        if self._vocabulary.adds_bos and tokens[:1] != [self._vocabulary.bos]:
            tokens.insert(0, self._vocabulary.bos)
        return tokens

    def turns(self, turns: Sequence[PromptTurn]) -> int:
        """Return how many tokens the prompt of `turns` has."""
        return len(self.tokens(turns))

    def text(self, text: str) -> int:
        """Return how many tokens a piece of someone's text has."""
        return len(self._tokenize(text, control=False))

    def _piece_tokens(self, piece: Piece, turns: Sequence[PromptTurn]) -> Sequence[int]:
        if piece.turn is None:
            return self._tokenize(piece.text, control=True)
        return turns[piece.turn].token_ids or self._tokenize(piece.text, control=False)

    def _tokenize_once(self, text: str, *, control: bool) -> tuple[int, ...]:
        return tuple(self._vocabulary.tokenize(text, control=control))
