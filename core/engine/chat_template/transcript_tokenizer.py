"""Transcript tokenizer: renders turns of a chat to prompt tokens, and counts them."""

import copy
import functools
from collections.abc import Callable, Sequence
from typing import Self

from core.base.errors import ErrorCode, ModelError
from core.base.i18n import _
from core.engine.chat_template.template_rendering import PromptPiece, render_template
from core.engine.chat_template.thinking_marks import ThinkingMarks
from core.engine.llama.model_vocabulary import Vocabulary
from core.messages import Generate, PromptTurn

CACHED_TEXTS = 8192
"""Contents whose tokens are cached: fitting a prompt counts the same turns many times."""
_HEAD = 16
"""First tokens of an answer, enough to contain an opening mark."""
_PEEK = 16
"""Last tokens of a prompt, enough to contain an opening mark."""
_WITH_THINKING = [False, True, False, False]
"""Pieces of an answer with thinking: the template's text, thinking, a mark, the answer."""


def _never_stop() -> None:
    """Do nothing."""


class TranscriptTokenizer:
    """Renders and counts turns for one model, with the template of `file` or the default one.

    `check` is called before each prompt is rendered and may raise to stop a long fitting.
    """

    def __init__(
        self,
        vocabulary: Vocabulary,
        template: str,
        file: str = "",
        check: Callable[[], None] = _never_stop,
    ) -> None:
        self._file = file
        self._check = check
        self._vocabulary = vocabulary
        self._template = template
        self.marks = ThinkingMarks.from_template(template, vocabulary)
        """The marks of the model's thinking; None if it doesn't think."""
        self._variables = {
            "bos_token": vocabulary.token_text(vocabulary.bos),
            "eos_token": vocabulary.token_text(vocabulary.eos),
            "add_generation_prompt": True,
            "enable_thinking": True,
        }
        self._tokenize = functools.lru_cache(CACHED_TEXTS)(self._tokenize_once)

    def without_thinking(self) -> Self:
        """Return a tokenizer for answers without thinking, if the model has that choice."""
        other = copy.copy(self)
        other._variables = {**self._variables, "enable_thinking": False}  # noqa: SLF001 - of the same class
        return other

    def prompt_tokens(self, turns: Sequence[PromptTurn]) -> list[int]:
        """Return the prompt for the next answer. Raises ModelError(TEMPLATE_FAILED).

        An answer's own tokens are used if they are known: one answer in forty re-tokenises to other
        ids, and then nothing after it could be reused. Those of an answer with thinking include
        the thinking, so they are only used if the template keeps it.
        """
        self._check()
        pieces = render_template(
            self._template,
            [(turn.role, turn.text) for turn in turns],
            self._variables,
            file=self._file,
            thoughts={n: turn.thinking for n, turn in enumerate(turns) if turn.thinking},
        )
        tokens: list[int] = []
        place = 0
        while place < len(pieces):
            whole = self._with_thinking(pieces[place : place + 4], turns)
            if whole:
                tokens += whole
                place += 4
            else:
                tokens += self._piece_tokens(pieces[place], turns)
                place += 1
        if self._vocabulary.adds_bos and tokens[:1] != [self._vocabulary.bos]:
            tokens.insert(0, self._vocabulary.bos)
        if not tokens:
            file = self._file or _("the model file")
            raise ModelError(
                ErrorCode.TEMPLATE_FAILED, file=file, detail=_("it gives an empty prompt")
            )
        return tokens

    def append_begun_answer(self, request: Generate, tokens: list[int]) -> bool:
        """Append the beginning of a continued answer to the prompt.

        Returns whether the model continues with thinking. Thinking that the template has begun is
        closed before an answer whose tokens are not known, as that is text only.
        """
        opened = self._opened(tokens)
        if request.begun_ids:
            tokens += request.begun_ids
        elif request.begun:
            tokens += self._closing_tokens(tokens)
            tokens += self._tokenize(request.begun, control=False)
        return opened and not request.begun

    def immediate_answer_tokens(self, turns: Sequence[PromptTurn]) -> list[int]:
        """Return the prompt for an answer that begins without thinking."""
        plain = self.without_thinking()
        tokens = plain.prompt_tokens(turns)
        return [*tokens, *plain._closing_tokens(tokens)]  # noqa: SLF001 - of the same class

    def _closing_tokens(self, tokens: Sequence[int]) -> Sequence[int]:
        """Return what ends the thinking that a prompt has begun; empty if it has not."""
        if self.marks is None or not self._opened(tokens):
            return ()
        return self._tokenize(f"{self.marks.closing}\n\n", control=True)

    def _opened(self, tokens: Sequence[int]) -> bool:
        text = self._vocabulary.detokenize(tokens[-_PEEK:])
        return self.marks is not None and self.marks.is_opened_by(text)

    def count_turns(self, turns: Sequence[PromptTurn]) -> int:
        """Return the number of tokens of the prompt of `turns`."""
        return len(self.prompt_tokens(turns))

    def count_text(self, text: str) -> int:
        """Return the number of tokens of a text."""
        return len(self._tokenize(text, control=False))

    def _piece_tokens(self, piece: PromptPiece, turns: Sequence[PromptTurn]) -> Sequence[int]:
        if piece.turn is None:
            return self._tokenize(piece.text, control=True)
        turn = turns[piece.turn]
        if turn.token_ids and not piece.thinking and not self._holds_thinking(turn):
            return turn.token_ids
        return self._tokenize(piece.text, control=False)

    def _holds_thinking(self, turn: PromptTurn) -> bool:
        if turn.thinking or self.marks is None:
            return bool(turn.thinking)
        return self.marks.is_in_tokens(turn.token_ids, self._vocabulary)

    def _with_thinking(
        self, pieces: Sequence[PromptPiece], turns: Sequence[PromptTurn]
    ) -> list[int] | None:
        """Return the tokens of an answer whose thinking the template keeps as the model wrote it.

        That is: the opening mark at the end of the template's own text, the thinking, the closing
        mark alone, the answer. An opening mark that the model wrote itself is among its tokens.
        """
        if self.marks is None or [piece.thinking for piece in pieces] != _WITH_THINKING:
            return None
        before, thinking, between, answer = pieces
        known = turns[answer.turn].token_ids if answer.turn is not None else ()
        if not known or answer.turn != thinking.turn or between.text.strip() != self.marks.closing:
            return None
        if not self.marks.is_opened_by(before.text):
            return None
        own = before.text
        if self._vocabulary.detokenize(known[:_HEAD]).lstrip().startswith(self.marks.opening):
            own = own.rstrip().removesuffix(self.marks.opening)
        return [*self._tokenize(own, control=True), *known]

    def _tokenize_once(self, text: str, *, control: bool) -> tuple[int, ...]:
        return tuple(self._vocabulary.tokenize(text, control=control))
