"""Guessing ahead: what is found, what it costs, and when it pays."""

import math
from collections.abc import Sequence
from typing import Any

import pytest

from core.engine.runtime.answer_job import AnswerJob
from core.engine.runtime.speculative_decoding import (
    AcceptanceRates,
    BatchCosts,
    DraftTokens,
    PromptLookup,
    SpeculativeDrafter,
    first_rate,
)


def job(tokens: Sequence[int]) -> AnswerJob:
    nothing: Any = lambda *_: ""  # noqa: E731 - nobody listens
    return AnswerJob("a", list(tokens), 100, nothing, nothing, nothing, nothing, nothing)


def test_what_followed_before_is_proposed() -> None:
    guess = PromptLookup().find_continuation([1, 2, 3, 4, 5, 6, 9, 1, 2, 3], 3)
    assert guess.tokens == (4, 5, 6)


def test_the_longest_match_wins_over_the_latest() -> None:
    told = [7, 8, 1, 2, 3, 50, 0, 1, 2, 3, 60, 7, 8, 1, 2, 3]
    assert PromptLookup().find_continuation(told, 1).tokens == (50,)


def test_a_longer_match_is_another_kind() -> None:
    short = PromptLookup().find_continuation([1, 2, 3, 4, 9, 1, 2, 3], 1)
    long = PromptLookup().find_continuation([*range(20), 99, *range(18)], 1)
    assert long.kind > short.kind > 0


def test_nothing_is_proposed_where_nothing_stood() -> None:
    lookup = PromptLookup()
    assert lookup.find_continuation([1, 2, 3, 4, 5], 4) == DraftTokens()
    assert lookup.find_continuation([1, 2], 4) == DraftTokens()
    # The end of the text is no earlier place of itself.
    assert lookup.find_continuation([1, 2, 3, 4, 5, 6], 4) == DraftTokens()


def test_a_lookup_follows_as_the_answer_grows() -> None:
    lookup = PromptLookup()
    tokens = [1, 2, 3, 4]
    assert not lookup.find_continuation(tokens, 2).tokens
    tokens += [9, 1, 2]
    assert not lookup.find_continuation(tokens, 2).tokens
    tokens.append(3)
    assert lookup.find_continuation(tokens, 2).tokens == (4, 9)


def test_costs_between_measured_sizes_lie_on_a_line() -> None:
    costs = BatchCosts()
    assert costs.seconds_for(8) == 0.0, "nothing is known yet"
    costs.add_measurement(1, 1.0)
    costs.set_estimate(32, 32.0)
    assert costs.seconds_for(16) == pytest.approx(16.0)
    assert costs.seconds_for(31) == costs.seconds_for(17) == 32.0
    costs.add_measurement(32, 2.0)
    assert costs.seconds_for(32) == 2.0, "an estimate gives way to the first measurement"
    costs.add_measurement(32, 6.0)
    assert costs.seconds_for(32) == 3.0, "and a later one counts a quarter"


def test_a_batch_costs_as_many_single_tokens_as_where_it_was_measured_nearest() -> None:
    costs = BatchCosts()
    costs.add_measurement(1, 1.0, depth=100)
    costs.add_measurement(8, 2.0, depth=100)
    costs.add_measurement(1, 4.0, depth=3000)
    assert costs.seconds_for(8, depth=3000) == 8.0
    costs.add_measurement(8, 24.0, depth=3000)
    assert costs.seconds_for(8, depth=2500) == 24.0
    assert costs.seconds_for(8, depth=90) == 2.0


def test_rates_follow_what_came() -> None:
    rates = AcceptanceRates(first_rate, 10.0, 0.98)
    for _ in range(200):
        rates.add_outcome(1, right=False)
        rates.add_outcome(2, right=True)
    assert rates.acceptance_rate(1) < 0.15
    assert rates.acceptance_rate(2) > 0.85
    assert first_rate(SHORT) < first_rate(SHORT + 1) < first_rate(SHORT + 4) < 1


def test_what_one_answer_quotes_is_not_expected_of_the_next() -> None:
    made, quoting, other = drafter(2.0), job(QUOTED), job(QUOTED)
    for _ in range(30):
        made.record_result(quoting, made.propose_draft(quoting, 31), 31)
    for _ in range(2):
        made.record_result(other, made.propose_draft(other, 31), 0)
    assert made.propose_draft(quoting, 31).tokens
    assert len(made.propose_draft(other, 31).tokens) < 31


END = 999
SHORT = 2
"""The kind of the shortest match."""


class Ahead:
    """A draft model that always counts up, and is `sure` of so many tokens at once."""

    def __init__(self, seconds: float, sure: int = 1000) -> None:
        self.seconds_per_token = seconds
        self.asked = 0
        self._sure = sure

    def propose_tokens(self, tokens: Sequence[int], count: int) -> list[int]:
        self.asked += 1
        return [tokens[-1] + 1 + step for step in range(min(count, self._sure))]


QUOTED = [*range(1, 40), 99, *range(1, 10)]


def drafter(batch_of_32: float) -> SpeculativeDrafter:
    made = SpeculativeDrafter(lambda token: token == END)
    made.costs.add_measurement(1, 1.0)
    made.costs.add_measurement(32, batch_of_32)
    return made


def test_nothing_is_guessed_before_single_tokens_were_measured() -> None:
    assert (
        SpeculativeDrafter(lambda token: token == END).propose_draft(job(QUOTED), 31)
        == DraftTokens()
    )


def test_cheap_batches_are_filled_and_dear_ones_are_not() -> None:
    assert len(drafter(1.5).propose_draft(job(QUOTED), 31).tokens) > 3
    assert drafter(40.0).propose_draft(job(QUOTED), 31).tokens == ()


def test_nothing_is_guessed_after_the_end() -> None:
    asked = job([1, 2, 3, 4, END, 5, 6, 7, 8, 9, 1, 2, 3])
    assert drafter(1.01).propose_draft(asked, 31).tokens == (4, END)


def test_no_more_is_guessed_than_may_be_written() -> None:
    assert len(drafter(1.1).propose_draft(job(QUOTED), 2).tokens) <= 2
    assert drafter(1.1).propose_draft(job(QUOTED), 0) == DraftTokens()


def test_wrong_guesses_switch_it_off_and_silent_comparing_on_again() -> None:
    made = drafter(8.0)
    asked = job(QUOTED)
    for _ in range(200):
        made.record_result(asked, made.propose_draft(asked, 31), 0)
    assert made.propose_draft(asked, 31).tokens == ()
    asked.tokens = list(QUOTED)
    for _ in range(300):
        made.propose_draft(asked, 31)
        asked.tokens.append(10)  # what the lookup expected
        made.record_result(asked, DraftTokens(), 0)
        asked.tokens.pop()
    assert made.propose_draft(asked, 31).tokens


def test_a_draft_model_is_asked_where_nothing_stood_before() -> None:
    made = drafter(4.0)
    model = Ahead(0.01)
    made.set_draft_model(model)
    guess = made.propose_draft(job([500, 600, 700]), 31)
    assert guess.tokens[:2] == (701, 702)
    assert model.asked == 1


@pytest.mark.parametrize("sure", [1000, 0], ids=["never right", "never sure"])
def test_a_draft_model_that_is_of_no_use_is_asked_seldom(sure: int) -> None:
    made = drafter(4.0)
    model = Ahead(0.2, sure=sure)
    made.set_draft_model(model)
    asked = job([500, 600, 700])
    for _ in range(300):
        made.record_result(asked, made.propose_draft(asked, 31), 0)
    before = model.asked
    for _ in range(128):
        made.record_result(asked, made.propose_draft(asked, 31), 0)
    assert 1 <= model.asked - before <= 3


def test_a_draft_model_guesses_no_more_than_a_batch_checks() -> None:
    made = drafter(1.5)
    made.set_draft_model(Ahead(0.0))
    for _ in range(500):
        made._rates.add_outcome(made._DRAFT_MODEL, right=True)
    assert len(made.propose_draft(job([500, 600, 700]), 900).tokens) == 31


def test_expected_tokens_are_those_of_the_paper() -> None:
    """At odds of one half, three guesses yield 1 + 1/2 + 1/4 + 1/8 tokens."""
    made = SpeculativeDrafter(lambda token: token == END)
    made.costs.add_measurement(1, 1.0)
    for size in (2, 4, 8, 16, 32):
        made.costs.add_measurement(size, 1.0)
    made._rates = AcceptanceRates(lambda _kind: 0.5, 1.0, 1.0)
    count, gain = made._best(job(QUOTED), SHORT, 3)
    assert count == 3
    assert math.isclose(gain, 1.875)
