"""Transcript tokenizer: renders turns of a chat to prompt tokens, and counts them."""

import copy
import functools
from collections.abc import Callable, Sequence
from typing import Self

from msgspec import structs

from core.base.errors import ErrorCode, ModelError
from core.base.i18n import _
from core.engine.chat_template.template_rendering import (
    PromptPiece,
    render_template,
    render_text,
)
from core.engine.chat_template.thinking_marks import ThinkingMarks
from core.engine.chat_template.tool_form import HARMONY_FORM, ToolForm, find_tool_form
from core.engine.chat_template.tool_turns import NO_TOOLS, arrange_tools
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
        tool_template: str = "",
    ) -> None:
        """`tool_template` lays out chats with tools, where the file has one of its own for them."""
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
        self._tool_template = tool_template or template
        self._tools: str | None = None  # None: calls and results are turns like others
        self._find_form = functools.cache(self._find_tool_form)

    @property
    def tool_form(self) -> ToolForm | None:
        """How the model writes calls; None if its template knows no tools."""
        return self._find_form()

    def with_tools(self, tools: str) -> Self:
        """Return a tokenizer whose template lays out tools (a JSON list, maybe ""), and calls."""
        other = copy.copy(self)
        other._tools, other._template = tools, self._tool_template  # noqa: SLF001 - of the same class
        return other

    def without_thinking(self) -> Self:
        """Return a tokenizer for answers without thinking, if the model has that choice."""
        other = copy.copy(self)
        other._variables = {**self._variables, "enable_thinking": False}  # noqa: SLF001 - of the same class
        return other

    def control_tokens(self, texts: Sequence[str]) -> frozenset[int]:
        """Return the tokens of texts that are shown only when they are asked for."""
        return frozenset(
            token
            for text in texts
            for token in self._tokenize(text, control=True)
            if not self._vocabulary.token_bytes(token)
        )

    def prompt_tokens(self, turns: Sequence[PromptTurn]) -> list[int]:
        """Return the prompt for the next answer. Raises ModelError(TEMPLATE_FAILED).

        An answer's own tokens are used if they are known: one answer in forty re-tokenises to other
        ids, and then nothing after it could be reused. Those of an answer with thinking include
        the thinking, so they are only used if the template keeps it.
        """
        self._check()
        pieces = self._render(turns)
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

    def _render(self, turns: Sequence[PromptTurn]) -> tuple[PromptPiece, ...]:
        messages, tools = [(turn.role, turn.text) for turn in turns], NO_TOOLS
        form = self.tool_form if self._tools is not None else None
        if form is not None:
            messages, tools = arrange_tools(
                turns, self._tools or "", self._is_hostile, as_text=form.takes_text
            )
        return render_template(
            self._template,
            messages,
            self._variables,
            file=self._file,
            thoughts={n: turn.thinking for n, turn in enumerate(turns) if turn.thinking},
            tools=tools,
        )

    def _find_tool_form(self) -> ToolForm | None:
        if "tool" not in self._tool_template:
            return None
        variables = {**self._variables, "add_generation_prompt": False}
        form = find_tool_form(
            lambda messages, tools: render_text(
                self._tool_template, messages, {**variables, "tools": tools}
            )
        )
        if self.marks is not None and self.marks.is_harmony:
            return HARMONY_FORM if form is not None else None
        return self._writable_form(form) if form is not None else None

    def _writable_form(self, form: ToolForm) -> ToolForm | None:
        """Return the form as the model writes it: behind its thinking, up to the answer's end."""
        opening = form.opening
        if self.marks is not None:
            opening = opening.rpartition(self.marks.closing)[2].lstrip()
        before_end = functools.partial(_text_before_end, self._vocabulary)
        texts = (opening, form.middle, form.joint)
        if any(before_end(text) != text for text in texts):
            return None
        return structs.replace(form, opening=opening, closing=before_end(form.closing))

    def _is_hostile(self, text: str) -> bool:
        """Return whether control tokens would be read from a text."""
        return self._tokenize(text, control=True) != self._tokenize(text, control=False)

    def _piece_tokens(self, piece: PromptPiece, turns: Sequence[PromptTurn]) -> Sequence[int]:
        if piece.turn is None:
            return self._tokenize(piece.text, control=not piece.is_verbatim)
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


def _text_before_end(vocabulary: Vocabulary, text: str) -> str:
    """Return a text up to the first token that ends an answer."""
    tokens = vocabulary.tokenize(text, control=True)
    ends = (n for n, token in enumerate(tokens) if vocabulary.ends_answer(token))
    end = next(ends, None)
    return text if end is None else vocabulary.detokenize(tokens[:end]).rstrip()
