"""Guessing ahead: what is found, what it costs, and when it pays."""

import math
from collections.abc import Sequence
from typing import Any

import pytest

from core.engine.drafting import Costs, Drafter, Guess, Lookup, Odds
from core.engine.job import Job


def job(tokens: Sequence[int]) -> Job:
    nothing: Any = lambda *_: ""  # noqa: E731 - nobody listens
    return Job("a", list(tokens), 100, nothing, nothing, nothing, nothing, nothing)


def test_what_followed_before_is_proposed() -> None:
    guess = Lookup().propose([1, 2, 3, 4, 5, 6, 9, 1, 2, 3], 3)
    assert guess.tokens == (4, 5, 6)


def test_the_longest_match_wins_over_the_latest() -> None:
    told = [7, 8, 1, 2, 3, 50, 0, 1, 2, 3, 60, 7, 8, 1, 2, 3]
    assert Lookup().propose(told, 1).tokens == (50,)


def test_a_longer_match_is_another_kind() -> None:
    short = Lookup().propose([1, 2, 3, 4, 9, 1, 2, 3], 1)
    long = Lookup().propose([*range(20), 99, *range(18)], 1)
    assert long.kind > short.kind > 0


def test_nothing_is_proposed_where_nothing_stood() -> None:
    lookup = Lookup()
    assert lookup.propose([1, 2, 3, 4, 5], 4) == Guess()
    assert lookup.propose([1, 2], 4) == Guess()
    # The end of the text is no earlier place of itself.
    assert lookup.propose([1, 2, 3, 4, 5, 6], 4) == Guess()


def test_a_lookup_follows_as_the_answer_grows() -> None:
    lookup = Lookup()
    tokens = [1, 2, 3, 4]
    assert not lookup.propose(tokens, 2).tokens
    tokens += [9, 1, 2]
    assert not lookup.propose(tokens, 2).tokens
    tokens.append(3)
    assert lookup.propose(tokens, 2).tokens == (4, 9)


def test_costs_between_measured_sizes_lie_on_a_line() -> None:
    costs = Costs()
    assert costs.of(8) == 0.0, "nothing is known yet"
    costs.note(1, 1.0)
    costs.estimate(32, 32.0)
    assert costs.of(16) == pytest.approx(16.0)
    assert costs.of(31) == costs.of(17) == 32.0
    costs.note(32, 2.0)
    assert costs.of(32) == 2.0, "an estimate gives way to the first measurement"
    costs.note(32, 6.0)
    assert costs.of(32) == 3.0, "and a later one counts a quarter"


def test_odds_follow_what_came() -> None:
    odds = Odds()
    for _ in range(200):
        odds.note(1, right=False)
        odds.note(2, right=True)
    assert odds.of(1) < 0.1
    assert odds.of(2) > 0.95
    fresh = Odds()
    assert fresh.of(SHORT) == 0.5
    assert fresh.of(SHORT) < fresh.of(SHORT + 1) < fresh.of(SHORT + 4) < 1


END = 999
SHORT = 2
"""The kind of the shortest match."""


class Ahead:
    """A draft model that always counts up, and is `sure` of so many tokens at once."""

    def __init__(self, seconds: float, sure: int = 1000) -> None:
        self.seconds_per_token = seconds
        self.asked = 0
        self._sure = sure

    def propose(self, tokens: Sequence[int], count: int) -> list[int]:
        self.asked += 1
        return [tokens[-1] + 1 + step for step in range(min(count, self._sure))]


QUOTED = [*range(1, 40), 99, *range(1, 10)]


def drafter(batch_of_32: float) -> Drafter:
    made = Drafter(lambda token: token == END)
    made.costs.note(1, 1.0)
    made.costs.note(32, batch_of_32)
    return made


def test_nothing_is_guessed_before_single_tokens_were_measured() -> None:
    assert Drafter(lambda token: token == END).guess(job(QUOTED), 31) == Guess()


def test_cheap_batches_are_filled_and_dear_ones_are_not() -> None:
    assert len(drafter(1.5).guess(job(QUOTED), 31).tokens) > 3
    assert drafter(40.0).guess(job(QUOTED), 31).tokens == ()


def test_nothing_is_guessed_after_the_end() -> None:
    asked = job([1, 2, 3, 4, END, 5, 6, 7, 8, 9, 1, 2, 3])
    assert drafter(1.01).guess(asked, 31).tokens == (4, END)


def test_no_more_is_guessed_than_may_be_written() -> None:
    assert len(drafter(1.1).guess(job(QUOTED), 2).tokens) <= 2
    assert drafter(1.1).guess(job(QUOTED), 0) == Guess()


def test_wrong_guesses_switch_it_off_and_silent_comparing_on_again() -> None:
    made = drafter(8.0)
    asked = job(QUOTED)
    for _ in range(200):
        made.learn(asked, made.guess(asked, 31), 0)
    assert made.guess(asked, 31).tokens == ()
    asked.tokens = list(QUOTED)
    for _ in range(300):
        made.guess(asked, 31)
        asked.tokens.append(10)  # what the lookup expected
        made.learn(asked, Guess(), 0)
        asked.tokens.pop()
    assert made.guess(asked, 31).tokens


def test_a_draft_model_is_asked_where_nothing_stood_before() -> None:
    made = drafter(4.0)
    model = Ahead(0.01)
    made.ask(model)
    guess = made.guess(job([500, 600, 700]), 31)
    assert guess.tokens[:2] == (701, 702)
    assert model.asked == 1


def test_a_draft_model_that_never_is_right_is_asked_seldom() -> None:
    made = drafter(4.0)
    model = Ahead(0.2)
    made.ask(model)
    asked = job([500, 600, 700])
    for _ in range(300):
        made.learn(asked, made.guess(asked, 31), 0)
    before = model.asked
    for _ in range(128):
        made.learn(asked, made.guess(asked, 31), 0)
    assert 1 <= model.asked - before <= 3


def test_a_draft_model_that_never_is_sure_is_asked_seldom() -> None:
    made = drafter(4.0)
    model = Ahead(0.2, sure=0)
    made.ask(model)
    asked = job([500, 600, 700])
    for _ in range(300):
        made.learn(asked, made.guess(asked, 31), 0)
    before = model.asked
    for _ in range(128):
        made.learn(asked, made.guess(asked, 31), 0)
    assert 1 <= model.asked - before <= 3


def test_a_draft_model_guesses_no_more_than_a_batch_checks() -> None:
    made = drafter(1.5)
    made.ask(Ahead(0.0))
    for _ in range(500):
        made._odds.note(made._DRAFT_MODEL, right=True)
    assert len(made.guess(job([500, 600, 700]), 900).tokens) == 31


def test_expected_tokens_are_those_of_the_paper() -> None:
    """At odds of one half, three guesses yield 1 + 1/2 + 1/4 + 1/8 tokens."""
    made = Drafter(lambda token: token == END)
    made.costs.note(1, 1.0)
    for size in (2, 4, 8, 16, 32):
        made.costs.note(size, 1.0)
    for _ in range(2000):
        made._odds.note(SHORT, right=True)
        made._odds.note(SHORT, right=False)
    count, gain = made._best(SHORT, 3, 0.0)
    assert count == 3
    assert math.isclose(gain, 1.875, rel_tol=0.05)
