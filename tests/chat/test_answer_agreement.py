"""Whether answers agree: by numbers, names, negations, words and vectors; and what differs."""

import pytest

from core.chat.consensus.answer_agreement import list_differences, say_the_same
from core.chat.consensus.answer_clusters import agreement_of, cluster_answers
from core.chat.conversations.assurance import Difference
from tests.fakes.library_child import letter_vector

LONG = "The landlord gives back the deposit within six weeks after the flat was handed over clean."


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("In 1931.", "in 1931"),
        ("1931", "It was planted in 1931."),
        ("Aunt Mathilda", "Aunt Mathilda planted it."),
        ("**Three months** [1]", "Three months"),
        ("No.", "No."),
        ("March 12th", "On 12 March."),
    ],
)
def test_short_answers_agree_by_their_words(one: str, other: str) -> None:
    assert say_the_same(one, other, None)
    assert say_the_same(other, one, 0.1)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("In 1931.", "In 1932."),
        ("Yes, you can keep a dog.", "No, you can keep a dog."),
        ("The gate is closed at nine.", "The gate is not closed at nine."),
        ("The tree was planted by Aunt Mathilda.", "The tree was planted by Uncle Otto."),
        ("The north gate.", "The south gate."),
        ("The rent is 740 euros a month.", "The rent is 470 euros a month."),
        ("12 March", "14 March"),
        (LONG, LONG.replace("six weeks", "six months")),
    ],
)
def test_what_contradicts_never_agrees_however_near_it_is(one: str, other: str) -> None:
    assert not say_the_same(one, other, 0.99)


def test_longer_answers_agree_by_their_vectors_and_without_them_by_their_words() -> None:
    other = "After the flat was handed over clean, the deposit comes back within six weeks."
    assert say_the_same(LONG, other, 0.9)
    assert not say_the_same(LONG, other, 0.3)
    assert say_the_same(LONG, LONG.replace("gives back", "returns"), None)


def test_differences_are_the_words_that_changed() -> None:
    assert list_differences("It was in 1931.", "It was in 1932!") == (
        Difference(common="1931", other="1932"),
    )
    assert list_differences("At nine.", "At nine, on Sunday.") == (
        Difference(common="", other="on Sunday"),
    )


def test_the_largest_group_comes_first_with_the_nearest_to_all() -> None:
    texts = ["In 1932.", "In 1931.", "1931", "It was 1931."]
    groups = cluster_answers(texts, [letter_vector(text) for text in texts])
    assert [sorted(group) for group in groups] == [[1, 2, 3], [0]]
    agreement = agreement_of(texts, groups)
    assert (agreement.samples, agreement.agreed) == (4, 3)
    assert [(other.text, other.count) for other in agreement.others] == [("In 1932.", 1)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The monthly rent amounts to 1,145 euros.", "It costs 1.145,00 € a month."),
        ("The train leaves at 11:30 PM.", "Departure is 23:30."),
        ("Sie beträgt 940 Euro im Monat.", "Die Miete liegt bei 940 €."),
        ("Le loyer est de 730 euros.", "Vous payez 730 € par mois."),
        ("El plazo es de 14 días.", "Hay que pagar dentro de 14 días."),
        ("It was signed on 3 March 2024.", "The signing date is 2024-03-03."),
    ],
)
def test_the_same_figure_in_other_words_agrees(one: str, other: str) -> None:
    assert say_the_same(one, other, 0.6)
    assert say_the_same(other, one, 0.6)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("At most 3 people may enter.", "At least 3 people must enter."),
        ("It closes before 9.", "It opens after 9."),
        ("The deposit is 940 €.", "Of dollars it costs 940, of dollars alone."),
        ("The deposit is 940 €.", "The deposit is 940 dollars."),
        ("It is not 940 euros.", "The price is 940 euros."),
        ("Die Frist endet vor dem 3. Mai.", "Die Frist beginnt nach dem 3. Mai."),
        ("Yes, after 5 days.", "No, only 5 days."),
        ("It takes 6 weeks.", "One waits 6 months."),
    ],
)
def test_the_same_figure_of_something_else_does_not_agree(one: str, other: str) -> None:
    assert not say_the_same(one, other, 0.6)
    assert not say_the_same(other, one, 0.6)
