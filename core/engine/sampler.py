"""How the next token is chosen: llama.cpp's samplers in llama.cpp's order, over a short list."""

import numpy as np

from core.engine.candidates import Candidates, Logits, best, logits_of
from core.engine.constraint import Constraint, constraint_for
from core.engine.sampler_chain import changes, choice
from core.engine.thinking import Thinking
from core.engine.vocabulary import Handle, Vocabulary
from core.errors import Code, ModelError
from core.messages import Sampling
from core.words import _

_SPARE = 24
"""Candidates beyond those asked for, in case penalties move some of them down."""


class Sampler:
    """Chooses the tokens of one answer; `close` frees it. Temperature 0 takes the likeliest token.

    `thinking` says how far a reasoning model thinks before its answer, which a grammar leaves free.
    Raises ModelError when the grammar or schema can't be used.
    """

    def __init__(
        self, sampling: Sampling, vocabulary: Vocabulary, thinking: Thinking | None = None
    ) -> None:
        self._size = vocabulary.size
        self._constraint = constraint_for(sampling, vocabulary, thinking)
        self._changes = changes(sampling, vocabulary)
        self._choice = choice(sampling, vocabulary.size)
        self._needed = self._choice.needed
        self._all = np.arange(vocabulary.size)
        self._biased = np.array(sorted(self._changes.biased), dtype=np.intp)
        self._candidates = Candidates(vocabulary.size)

    def choose(self, context: Handle, index: int = -1) -> int:
        """Choose a token from the logits of the batch's token `index`, and remember it.

        Raises ModelError(GRAMMAR_STUCK) when the grammar allows no token, or far too many ways.
        """
        logits = logits_of(context, index, self._size)
        token = self._choose_freely(logits)
        if self._constraint and not self._constraint.allows(token):
            # As llama.cpp does: asking for the one token is cheap, for all of them it is not.
            token = self._choose_allowed(logits, self._constraint)
        if self._constraint:
            self._constraint.accept(token)
        self._changes.accept(token)
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
            self._candidates.fill(self._all, logits)
            self._candidates.apply(self._changes.handle)
        return self._select()

    def _take_best(self, logits: Logits, constraint: Constraint | None = None) -> bool:
        """Take a short list that surely holds what the choice looks at; False if there is none.

        Penalties only lower logits, and a constraint only takes tokens away. So as long as enough
        of the short list stay at its bound or above, nothing outside of it is among the first.
        """
        if not self._needed or self._changes.may_raise:
            return False
        found = best(logits, self._needed + self._needed // 2 + _SPARE)
        if found is None:
            return False
        tokens, bound = found
        if len(self._biased):
            tokens = np.union1d(tokens, self._biased)
        self._candidates.fill(tokens, logits)
        if constraint and not constraint.exclude(self._candidates):
            return False
        if self._changes:
            self._candidates.apply(self._changes.handle)
        return self._candidates.at_least(bound) >= self._needed

    def _choose_allowed(self, logits: Logits, constraint: Constraint) -> int:
        if not self._take_best(logits, constraint):
            self._candidates.fill(self._all, logits)
            if not constraint.exclude(self._candidates):
                raise ModelError(Code.GRAMMAR_STUCK, detail=_("it allows no further word"))
            self._candidates.apply(self._changes.handle)
        return self._select()

    def _select(self) -> int:
        self._candidates.apply(self._choice.handle)
        return self._candidates.selected
