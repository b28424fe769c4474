"""Grammar constraint of one answer: the tokens that may come next, by llama.cpp."""

import contextlib
import ctypes
import logging
import time
from collections.abc import Iterator

import llama_cpp

from core.base.clock import Clock
from core.base.errors import ErrorCode, ModelError
from core.base.i18n import _
from core.engine.chat_template.thinking_marks import ThinkingTracker
from core.engine.chat_template.tool_form import ToolForm, find_first_call
from core.engine.grammar.grammar_check import GrammarError, check_grammar
from core.engine.grammar.json_schema_grammar import SchemaError, schema_to_grammar
from core.engine.grammar.own_call_grammar import NoCallError, own_call_grammar
from core.engine.grammar.tool_call_grammar import ONE, REQUIRED, read_tools, tool_call_grammar
from core.engine.llama.model_vocabulary import Handle, Vocabulary
from core.engine.llama.token_candidates import TokenCandidates
from core.messages import Sampling

STEP_SECONDS = 2.0
"""Longest processor time of one step. Checking all tokens takes 30 ms; in a grammar whose parser
positions double with each token, time and memory grow without limit."""

_log = logging.getLogger("llama.cpp")


class GrammarConstraint:
    """The state of a grammar for one answer; `close` frees it.

    While the model thinks (`thinking`), every token is allowed and the state stays the same.
    """

    def __init__(
        self,
        grammar: Handle,
        thinking: ThinkingTracker | None,
        clock: Clock,
    ) -> None:
        self._grammar = grammar
        self._thinking = thinking
        self._clock = clock
        self._entry = llama_cpp.llama_token_data()
        data = ctypes.pointer(self._entry)
        self._array = llama_cpp.llama_token_data_array(data=data, size=1, selected=-1, sorted=False)

    def allows_token(self, token: int) -> bool:
        """Return whether `token` may come next. Raises ModelError(GRAMMAR_STUCK)."""
        if self._thinking and self._thinking.would_be_thinking(token):
            return True
        self._entry.id, self._entry.logit = token, 0.0
        with self._time_limit():
            llama_cpp.llama_sampler_apply(self._grammar, ctypes.byref(self._array))
        return bool(self._entry.logit == 0.0)

    def exclude_forbidden(self, candidates: TokenCandidates) -> bool:
        """Remove candidates that may not come next; return whether any is left."""
        with self._time_limit():
            candidates.apply_sampler(self._grammar)
        candidates.drop_excluded()
        return len(candidates) > 0

    def accept_token(self, token: int) -> None:
        """Advance by an allowed token. Raises ModelError(GRAMMAR_STUCK)."""
        if self._thinking and self._thinking.follow_token(token):
            return
        with self._time_limit():
            llama_cpp.llama_sampler_accept(self._grammar, token)

    def close(self) -> None:
        """Free it."""
        llama_cpp.llama_sampler_free(self._grammar)

    @contextlib.contextmanager
    def _time_limit(self) -> Iterator[None]:
        started = self._clock()
        yield
        if self._clock() - started > STEP_SECONDS:
            raise ModelError(ErrorCode.GRAMMAR_STUCK, detail=_("there are too many ways to go on"))


class CallConstraint:
    """The constraint of calls in a model's own form: it begins when a call does.

    Until then every token is allowed. What can't become a call stays text.
    """

    def __init__(
        self,
        sampling: Sampling,
        form: ToolForm,
        vocabulary: Vocabulary,
        thinking: ThinkingTracker | None,
        clock: Clock,
    ) -> None:
        """Raises SchemaError, or GrammarError if llama.cpp can't read the tools' grammar."""
        self._sampling = sampling
        self._form = form
        self._vocabulary = vocabulary
        self._thinking = None if form.is_harmony else thinking  # calls stand beside the thinking
        self._clock = clock
        self._names = [tool["name"] for tool in read_tools(sampling.tools)]
        self._begun: GrammarConstraint | None = None
        self._answer = b""
        self._may_begin = self._may_begin_so = True  # so: as the first part of an answer
        # What can't be used is said now: once a call has begun, others are being answered.
        grammar = own_call_grammar(sampling.tools, form, sampling.tool_use)
        check_grammar(grammar)
        llama_cpp.llama_sampler_free(_parse(grammar, vocabulary))

    def allows_token(self, token: int) -> bool:
        """Return whether `token` may come next. Raises ModelError(GRAMMAR_STUCK)."""
        return self._begun is None or self._begun.allows_token(token)

    def exclude_forbidden(self, candidates: TokenCandidates) -> bool:
        """Remove candidates that may not come next; return whether any is left."""
        return self._begun is None or self._begun.exclude_forbidden(candidates)

    def accept_token(self, token: int) -> None:
        """Advance by an allowed token. Raises ModelError(GRAMMAR_STUCK)."""
        if self._begun is not None:
            self._begun.accept_token(token)
        elif self._may_begin and not (self._thinking and self._thinking.follow_token(token)):
            self._answer += self._vocabulary.token_bytes(token, control=True)
            self._begin_if_due()

    def close(self) -> None:
        """Free it."""
        if self._begun is not None:
            self._begun.close()

    def _begin_if_due(self) -> None:
        if self._may_begin_so:
            text = self._answer.decode(errors="replace")
            first = find_first_call(text, self._form, self._names)
            self._may_begin_so = first is not None
            if first is not None and first.form is not None:
                self._begin(first.form, first.text)
                return
        marks = [mark.encode() for mark in self._form.start_marks]
        places = [place for mark in marks if (place := self._answer.find(mark)) >= 0]
        if places:
            self._begin(self._form, self._answer[min(places) :].decode(errors="replace"))
        elif not self._may_begin_so:
            self._may_begin = bool(marks)
            self._answer = self._answer[-max(map(len, marks), default=1) :]

    def _begin(self, form: ToolForm, written: str) -> None:
        self._may_begin = False
        tools, use = self._sampling.tools, self._sampling.tool_use
        with contextlib.suppress(NoCallError, GrammarError):  # else it goes on without
            grammar = own_call_grammar(tools, form, use, written)
            self._begun = GrammarConstraint(_parse(grammar, self._vocabulary), None, self._clock)


TokenConstraint = GrammarConstraint | CallConstraint


def build_constraint(
    sampling: Sampling,
    vocabulary: Vocabulary,
    thinking: ThinkingTracker | None = None,
    clock: Clock = time.thread_time,
    form: ToolForm | None = None,
) -> TokenConstraint | None:
    """Return the constraint of a grammar, schema or tools; None if the sampling has none.

    Calls have the model's `form`, if known. Raises ModelError(GRAMMAR_INVALID, SCHEMA_INVALID).
    """
    if sampling.grammar:
        grammar, code = sampling.grammar, ErrorCode.GRAMMAR_INVALID
    elif sampling.json_schema:
        code = ErrorCode.SCHEMA_INVALID
        try:
            grammar = schema_to_grammar(sampling.json_schema)
        except SchemaError as error:
            raise ModelError(code, detail=str(error)) from error
    elif sampling.tools:
        code = ErrorCode.SCHEMA_INVALID
        try:
            if form is not None and sampling.tool_use not in {REQUIRED, ONE}:
                return CallConstraint(sampling, form, vocabulary, thinking, clock)
            grammar = (
                tool_call_grammar(sampling.tools, sampling.tool_use)
                if form is None
                else own_call_grammar(sampling.tools, form, sampling.tool_use)
            )
        except (SchemaError, GrammarError) as error:
            raise ModelError(code, detail=str(error)) from error
    else:
        return None
    try:
        check_grammar(grammar)
        if form is not None and form.is_harmony:  # its thinking is part of the grammar
            thinking = None
        return GrammarConstraint(_parse(grammar, vocabulary), thinking, clock)
    except GrammarError as error:
        raise ModelError(code, detail=str(error)) from error


def _parse(grammar: str, vocabulary: Vocabulary) -> Handle:
    capture = _ErrorCapture()
    _log.addHandler(capture)
    try:
        made = llama_cpp.llama_sampler_init_grammar(
            vocabulary.handle, grammar.encode(errors="replace"), b"root"
        )
    finally:
        _log.removeHandler(capture)
    if not made:
        raise GrammarError(capture.reason or _("llama.cpp can't read it"))
    return made


class _ErrorCapture(logging.Handler):
    """Captures why llama.cpp refused a grammar, which it only logs."""

    reason = ""

    def emit(self, record: logging.LogRecord) -> None:
        """Keep the first line with a reason."""
        lines = record.getMessage().strip().splitlines()
        if lines and not self.reason:
            self.reason = lines[0].partition("error parsing grammar: ")[2][:100] or lines[0][:100]
