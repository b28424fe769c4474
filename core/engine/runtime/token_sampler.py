"""Token sampler: choice of the next token by llama.cpp's samplers over a short list."""

import sys

import llama_cpp
import numpy as np

from core.base.errors import ErrorCode, ModelError
from core.base.i18n import _
from core.engine.chat_template.thinking_marks import ThinkingTracker
from core.engine.chat_template.tool_form import ToolForm
from core.engine.grammar.grammar_constraint import TokenConstraint, build_constraint
from core.engine.llama.model_vocabulary import Handle, Vocabulary
from core.engine.llama.token_candidates import Logits, TokenCandidates, TopTokens, read_logits
from core.engine.llama.token_scores import score_token
from core.engine.runtime.sampler_chain import (
    build_penalty_chain,
    build_selection_chain,
    build_whole_chain,
)
from core.messages import Sampling, ScoredToken

_SPARE = 24
"""Additional candidates where it is not known how many penalties move below others."""
MANY_CHOICES = 4
"""From so many choices of one batch on, a short list found here takes less time than llama.cpp's
one call, since all but the first find its code in the processor's caches."""


class TokenSampler:
    """Chooses the tokens of one answer; `close` frees it. At temperature 0 it is greedy.

    `thinking` tracks a reasoning model's thinking, to which a grammar does not apply. Raises
    ModelError if the grammar or schema can't be used.
    """

    def __init__(
        self,
        sampling: Sampling,
        vocabulary: Vocabulary,
        thinking: ThinkingTracker | None = None,
        logprobs: int = -1,
        form: ToolForm | None = None,
    ) -> None:
        """`logprobs`: how many of the likeliest tokens are told in `last_score` (-1: no score).

        `form`: that of calls, as the model writes them.
        """
        self._vocabulary = vocabulary
        self._logprobs = logprobs
        self.last_score: ScoredToken | None = None
        """The last token with its log probability, if that is wanted."""
        self._size = vocabulary.size
        self._constraint = build_constraint(sampling, vocabulary, thinking, form=form)
        self._penalties = build_penalty_chain(sampling, vocabulary)
        self._selection = build_selection_chain(sampling, vocabulary.size)
        self._whole = None
        if not (self._constraint or (self._selection.greedy and not self._penalties)):
            self._whole = build_whole_chain(self._penalties, self._selection, vocabulary.size)
        self._needed = self._selection.needed
        self._fewest_for_list = MANY_CHOICES if self._has_short_list else sys.maxsize
        self._all = np.arange(vocabulary.size)
        self._biased = np.array(sorted(self._penalties.biased), dtype=np.intp)
        self._candidates = TokenCandidates(vocabulary.size)
        self._best = TopTokens(vocabulary.size)
        lowered = self._penalties.lowered
        self._spare = self._needed // 2 + _SPARE if lowered is None else lowered

    def choose_token(self, context: Handle, index: int = -1, *, choices: int = 1) -> int:
        """Choose a token from the logits of the batch's token `index`, and add it to the history.

        `choices`: how many answers choose from this batch; it changes the time alone. Raises
        ModelError(GRAMMAR_STUCK) if the grammar allows no token, or is too ambiguous.
        """
        if self._whole and choices < self._fewest_for_list:
            # One call of native code: each one here meets cold caches after a batch.
            token = int(llama_cpp.llama_sampler_sample(self._whole.handle, context, index))
            if self._logprobs >= 0:
                self._score(read_logits(context, index, self._size), token)
            return token
        logits = read_logits(context, index, self._size)
        token = self._choose_freely(logits)
        if self._constraint and not self._constraint.allows_token(token):
            # As llama.cpp does: checking one token is cheap, checking all of them is not.
            token = self._choose_allowed(logits, self._constraint)
        if self._constraint:
            self._constraint.accept_token(token)
        self._penalties.accept_token(token)
        if self._logprobs >= 0:
            self._score(logits, token)
        return token

    @property
    def _has_short_list(self) -> bool:
        """Whether a short list certainly holds what is chosen from, at any choice."""
        penalties = self._penalties
        return bool(self._needed) and not penalties.may_raise and penalties.lowered is not None

    def close(self) -> None:
        """Free the native memory, and what is as large as the vocabulary.

        Jobs and their callbacks hold each other, so that a job that has ended stays until Python
        looks for such rings, which it does after hundreds of answers.
        """
        del self._all, self._candidates, self._best
        if self._whole:
            self._whole.close()
        else:
            self._penalties.close()
            self._selection.close()
        if self._constraint:
            self._constraint.close()

    def _score(self, logits: Logits, token: int) -> None:
        self.last_score = score_token(self._vocabulary, logits, token, self._logprobs)

    def _choose_freely(self, logits: Logits) -> int:
        if self._selection.greedy and not self._penalties:
            return int(logits.argmax())
        if not self._take_best(logits):
            self._candidates.set_tokens(self._all, logits)
            self._candidates.apply_sampler(self._penalties.handle)
        return self._select()

    def _take_best(self, logits: Logits, constraint: TokenConstraint | None = None) -> bool:
        """Set a short list that contains all candidates needed; False if that is not certain.

        Penalties only lower logits, and a constraint only removes tokens. So if enough tokens of
        the short list stay at its bound or above, no other token is among the likeliest.
        """
        if not self._needed or self._penalties.may_raise:
            return False
        found = self._best.find_tokens(logits, self._needed + self._spare)
        if found is None:
            return False
        tokens, bound = found
        if len(self._biased):
            tokens = np.union1d(tokens, self._biased)
        self._candidates.set_tokens(tokens, logits)
        if constraint and not constraint.exclude_forbidden(self._candidates):
            return False
        if self._penalties:
            self._candidates.apply_sampler(self._penalties.handle)
        is_enough = len(tokens) >= self._needed  # there are none where logits are no numbers
        if is_enough and constraint is None and self._penalties.lowered is not None:
            return True  # there are as many to spare as penalties can lower
        return self._candidates.count_at_least(bound) >= self._needed

    def _choose_allowed(self, logits: Logits, constraint: TokenConstraint) -> int:
        if not self._take_best(logits, constraint):
            self._candidates.set_tokens(self._all, logits)
            if not constraint.exclude_forbidden(self._candidates):
                raise ModelError(ErrorCode.GRAMMAR_STUCK, detail=_("it allows no further word"))
            self._candidates.apply_sampler(self._penalties.handle)
        return self._select()

    def _select(self) -> int:
        self._candidates.apply_sampler(self._selection.handle)
        return self._candidates.selected_token
