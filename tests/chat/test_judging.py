"""The chat model as a judge: the cases, how scores become an ability, and how two judges add up."""

import random

import pytest

from core.chat.judging.chat_opinion import combine_probabilities
from core.chat.judging.judging_cases import bundled_cases
from core.chat.judging.judging_prompts import estimated_tokens, relevant_excerpt
from core.models.info.judging_ability import area_under_curve, measure_ability

OUTCOMES = [n % 2 == 0 for n in range(50)]


def scores(apart: float, seed: int = 1) -> list[float]:
    """Return scores whose mean differs by `apart` standard deviations between the outcomes."""
    drawn = random.Random(seed)
    return [3 * drawn.gauss(apart if outcome else 0.0, 1.0) + 2 for outcome in OUTCOMES]


def test_there_are_a_hundred_cases_all_of_them_different() -> None:
    cases = bundled_cases()
    assert (len(cases.answers), len(cases.supports)) == (50, 50)
    assert len({prompt[-1].text for prompt in cases.prompts}) == 100
    assert sum(case.outcome for case in cases.answers) == 25
    foreign = [prompt for prompt in cases.prompts if not prompt[-1].text.isascii()]
    assert len(foreign) >= 15


def test_a_model_that_tells_them_apart_counts_and_one_at_chance_does_not() -> None:
    able, weak, silent = (
        measure_ability(each, OUTCOMES) for each in (scores(3.0), scores(0.2), [0.0] * 50)
    )
    assert able.weight > 0.5
    assert able.right >= 43
    assert able.slope > 0
    assert weak.weight == silent.weight == 0.0
    assert silent.probability(5.0) == pytest.approx(0.5)


def test_a_model_that_says_the_opposite_is_not_turned_round() -> None:
    turned = measure_ability([-score for score in scores(3.0)], OUTCOMES)
    assert turned.weight == 0.0
    assert turned.slope == 0.0


def test_scores_without_a_fault_give_a_finite_curve() -> None:
    perfect = measure_ability([8.0 if outcome else -8.0 for outcome in OUTCOMES], OUTCOMES)
    assert perfect.right == 50
    assert 0.5 < perfect.weight < 0.9
    assert perfect.probability(0.0) == pytest.approx(0.5, abs=0.01)
    assert 0.9 < perfect.probability(8.0) < 1


def test_probabilities_are_those_of_the_cases() -> None:
    measured = measure_ability(scores(1.5), OUTCOMES)
    said = [measured.probability(score) for score in scores(1.5)]
    assert sum(said) / 50 == pytest.approx(0.5, abs=0.03)
    assert area_under_curve(said, OUTCOMES) == pytest.approx(measured.auc)


def test_two_judges_meet_in_between_and_a_weight_of_nothing_changes_nothing() -> None:
    assert combine_probabilities(0.3, 0.99, 0.0) == pytest.approx(0.3)
    assert combine_probabilities(0.3, 0.9, 1.0) == pytest.approx(0.9)
    assert combine_probabilities(0.2, 0.8, 0.5) == pytest.approx(0.5)
    assert 0.3 < combine_probabilities(0.3, 0.9, 0.5) < 0.9
    assert combine_probabilities(0.0, 1.0, 0.5) == pytest.approx(0.5)


def test_an_excerpt_is_what_shares_most_with_the_question() -> None:
    passage = (
        "The house was built in 1900. " * 20 + "Prams go under the stairs. " + "It is red. " * 20
    )
    found = relevant_excerpt(passage, "Where do prams go?", 40)
    assert "Prams go under the stairs." in found
    assert estimated_tokens(found) <= 40
    assert relevant_excerpt("Short.", "Where?", 40) == "Short."
    assert relevant_excerpt("青石桥建于一七六四年。" * 30, "青石桥", 20).startswith("青石桥")


def test_a_single_long_sentence_is_cut_at_a_whole_letter() -> None:
    found = relevant_excerpt("ä" * 1000, "ä", 20)
    assert 30 < len(found) <= 35
    assert set(found) == {"ä"}
