"""Token sampler: choice of the next token by llama.cpp's samplers over a short list."""

import numpy as np

from core.base.errors import ErrorCode, ModelError
from core.base.i18n import _
from core.engine.chat_template.thinking_marks import ThinkingTracker
from core.engine.grammar.grammar_constraint import GrammarConstraint, build_constraint
from core.engine.llama.model_vocabulary import Handle, Vocabulary
from core.engine.llama.token_candidates import Logits, TokenCandidates, read_logits, top_tokens
from core.engine.runtime.sampler_chain import build_penalty_chain, build_selection_chain
from core.messages import Sampling

_SPARE = 24
"""Candidates beyond those asked for, in case penalties move some of them down."""


class TokenSampler:
    """Chooses the tokens of one answer; `close` frees it. Temperature 0 takes the likeliest token.

    `thinking` says how far a reasoning model thinks before its answer, which a grammar leaves free.
    Raises ModelError when the grammar or schema can't be used.
    """

    def __init__(
        self, sampling: Sampling, vocabulary: Vocabulary, thinking: ThinkingTracker | None = None
    ) -> None:
        self._size = vocabulary.size
        self._constraint = build_constraint(sampling, vocabulary, thinking)
        self._changes = build_penalty_chain(sampling, vocabulary)
        self._choice = build_selection_chain(sampling, vocabulary.size)
        self._needed = self._choice.needed
        self._all = np.arange(vocabulary.size)
        self._biased = np.array(sorted(self._changes.biased), dtype=np.intp)
        self._candidates = TokenCandidates(vocabulary.size)

    def choose_token(self, context: Handle, index: int = -1) -> int:
        """Choose a token from the logits of the batch's token `index`, and remember it.

        Raises ModelError(GRAMMAR_STUCK) when the grammar allows no token, or far too many ways.
        """
        logits = read_logits(context, index, self._size)
        token = self._choose_freely(logits)
        if self._constraint and not self._constraint.allows_token(token):
            # As llama.cpp does: asking for the one token is cheap, for all of them it is not.
            token = self._choose_allowed(logits, self._constraint)
        if self._constraint:
            self._constraint.accept_token(token)
        self._changes.accept_token(token)
        return token

    def close(self) -> None:
        """Free the native memory."""
        self._changes.close()
        self._choice.close()
        if self._constraint:
            self._constraint.close()

    def _choose_freely(self, logits: Logits) -> int:
        if self._choice.greedy and not self._changes:
            return int(logits.argmax())
        if not self._take_best(logits):
            self._candidates.set_tokens(self._all, logits)
            self._candidates.apply_sampler(self._changes.handle)
        return self._select()

    def _take_best(self, logits: Logits, constraint: GrammarConstraint | None = None) -> bool:
        """Take a short list that surely holds what the choice looks at; False if there is none.

        Penalties only lower logits, and a constraint only takes tokens away. So as long as enough
        of the short list stay at its bound or above, nothing outside of it is among the first.
        """
        if not self._needed or self._changes.may_raise:
            return False
        found = top_tokens(logits, self._needed + self._needed // 2 + _SPARE)
        if found is None:
            return False
        tokens, bound = found
        if len(self._biased):
            tokens = np.union1d(tokens, self._biased)
        self._candidates.set_tokens(tokens, logits)
        if constraint and not constraint.exclude_forbidden(self._candidates):
            return False
        if self._changes:
            self._candidates.apply_sampler(self._changes.handle)
        return self._candidates.count_at_least(bound) >= self._needed

    def _choose_allowed(self, logits: Logits, constraint: GrammarConstraint) -> int:
        if not self._take_best(logits, constraint):
            self._candidates.set_tokens(self._all, logits)
            if not constraint.exclude_forbidden(self._candidates):
                raise ModelError(ErrorCode.GRAMMAR_STUCK, detail=_("it allows no further word"))
            self._candidates.apply_sampler(self._changes.handle)
        return self._select()

    def _select(self) -> int:
        self._candidates.apply_sampler(self._choice.handle)
        return self._candidates.selected_token
