"""Holds an answer to a grammar: which tokens may come next, asked of llama.cpp."""

import contextlib
import ctypes
import logging
import time
from collections.abc import Callable, Iterator

import llama_cpp

from core.engine.candidates import Candidates
from core.engine.grammar_limits import GrammarError, check_grammar
from core.engine.json_schema import SchemaError, grammar_of
from core.engine.thinking import Thinking
from core.engine.vocabulary import Handle, Vocabulary
from core.errors import Code, ModelError
from core.messages import Sampling
from core.words import _

STEP_SECONDS = 2.0
"""Asking about all tokens takes 30 ms of processor time. In a grammar whose ways double with each
token it grows without end, and the memory with it."""

_log = logging.getLogger("llama.cpp")


class Constraint:
    """One answer's way through a grammar; `close` frees it.

    While `thinking` is under way every token is allowed and none is part of the grammar's text.
    """

    def __init__(
        self,
        grammar: Handle,
        thinking: Thinking | None,
        clock: Callable[[], float],
    ) -> None:
        self._grammar = grammar
        self._thinking = thinking
        self._clock = clock
        self._entry = llama_cpp.llama_token_data()
        data = ctypes.pointer(self._entry)
        self._array = llama_cpp.llama_token_data_array(data=data, size=1, selected=-1, sorted=False)

    def allows(self, token: int) -> bool:
        """Return whether `token` may come next. Raises ModelError(GRAMMAR_STUCK)."""
        if self._thinking and self._thinking.may_take(token):
            return True
        self._entry.id, self._entry.logit = token, 0.0
        with self._watched():
            llama_cpp.llama_sampler_apply(self._grammar, ctypes.byref(self._array))
        return bool(self._entry.logit == 0.0)

    def exclude(self, candidates: Candidates) -> bool:
        """Leave only what may come next; return whether that is any. Raises ModelError."""
        with self._watched():
            candidates.apply(self._grammar)
        candidates.drop_excluded()
        return len(candidates) > 0

    def accept(self, token: int) -> None:
        """Go on with `token`, which is allowed. Raises ModelError(GRAMMAR_STUCK)."""
        if self._thinking and self._thinking.take(token):
            return
        with self._watched():
            llama_cpp.llama_sampler_accept(self._grammar, token)

    def close(self) -> None:
        """Free it."""
        llama_cpp.llama_sampler_free(self._grammar)

    @contextlib.contextmanager
    def _watched(self) -> Iterator[None]:
        started = self._clock()
        yield
        if self._clock() - started > STEP_SECONDS:
            raise ModelError(Code.GRAMMAR_STUCK, detail=_("there are too many ways to go on"))


def constraint_for(
    sampling: Sampling,
    vocabulary: Vocabulary,
    thinking: Thinking | None = None,
    clock: Callable[[], float] = time.thread_time,
) -> Constraint | None:
    """Return what holds the answer to its grammar or schema; None when it has none.

    Raises ModelError(GRAMMAR_INVALID or SCHEMA_INVALID).
    """
    if sampling.grammar:
        grammar, code = sampling.grammar, Code.GRAMMAR_INVALID
    elif sampling.json_schema:
        code = Code.SCHEMA_INVALID
        try:
            grammar = grammar_of(sampling.json_schema)
        except SchemaError as error:
            raise ModelError(code, detail=str(error)) from error
    else:
        return None
    try:
        check_grammar(grammar)
        return Constraint(_parse(grammar, vocabulary), thinking, clock)
    except GrammarError as error:
        raise ModelError(code, detail=str(error)) from error


def _parse(grammar: str, vocabulary: Vocabulary) -> Handle:
    heard = _Heard()
    _log.addHandler(heard)
    try:
        made = llama_cpp.llama_sampler_init_grammar(
            vocabulary.handle, grammar.encode(errors="replace"), b"root"
        )
    finally:
        _log.removeHandler(heard)
    if not made:
        raise GrammarError(heard.reason or _("llama.cpp can't read it"))
    return made


class _Heard(logging.Handler):
    """Keeps why llama.cpp refused a grammar: it says so in its log only."""

    reason = ""

    def emit(self, record: logging.LogRecord) -> None:
        """Keep the first line that names a cause."""
        said = record.getMessage().strip().splitlines()
        if said and not self.reason:
            self.reason = said[0].partition("error parsing grammar: ")[2][:100] or said[0][:100]
