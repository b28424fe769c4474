"""Short answers whose value stands in a field or a table's cell, often without a unit."""

import pytest

from core.chat.citations.citation_matching import AnswerJudgement
from core.chat.citations.sentence_verdicts import SupportChance
from core.chat.conversations.conversation import SentenceVerdict, Source

FIELDS = "Tenant: Mary Cole\nDeposit: 940\nRent: 470\nNotice: two months"
FEES = (
    "Boat | Bought | Fee | Skipper\n"
    "Heron | 2016 | 310 | Ada Fenn\n"
    "Osprey | 2019 | 275 | Ben Marsh\n"
    "Curlew | 2012 | 190 | Cleo Hart"
)
OF_FIELDS = "How high is the deposit?"
DOUBT = SupportChance(0.2, 0.5)
"""What a judge says of figures without words, right or wrong."""


def verdict(question: str, answer: str, text: str) -> SentenceVerdict:
    source = Source(
        n=1, folder_id="f", folder="Home", file="a.txt", path="", page=None, heading="",
        text=text, content_hash="", score=1.0,
    )  # fmt: skip
    judgement = AnswerJudgement(answer, [source], question)
    judged = judgement.result([DOUBT] * len(judgement.statements()))
    [sentence] = judged.sentences
    return sentence.verdict


@pytest.mark.parametrize("answer", ["The answer is: 940 pounds", "940 pounds.", "It is 940."])
def test_a_field_without_unit_supports_an_amount(answer: str) -> None:
    assert verdict(OF_FIELDS, answer, FIELDS) is SentenceVerdict.SUPPORTED


@pytest.mark.parametrize("answer", ["The answer is: 470 pounds", "490 pounds.", "It is 470."])
def test_another_value_than_the_fields_is_contradicted(answer: str) -> None:
    assert verdict(OF_FIELDS, answer, FIELDS) is SentenceVerdict.CONTRADICTED


@pytest.mark.parametrize(
    ("question", "right", "wrong"),
    [
        ("What is the fee of the Osprey?", "275 euros.", "310 euros."),
        ("When was the Heron bought?", "In 2016.", "In 2012."),
        ("Who is the skipper of the Curlew?", "Cleo Hart.", "Ada Fenn."),
        ("How much do I pay for the Heron?", "The fee is 310 euros.", "The fee is 190 euros."),
    ],
)
def test_a_cell_answers_for_its_row_and_column(question: str, right: str, wrong: str) -> None:
    assert verdict(question, right, FEES) is SentenceVerdict.SUPPORTED
    assert verdict(question, wrong, FEES) is SentenceVerdict.CONTRADICTED


def test_units_that_differ_are_no_support() -> None:
    assert verdict("How heavy is the crate?", "12 kg.", "Crate: 12 cm\nLid: 3 cm") is not (
        SentenceVerdict.SUPPORTED
    )


def test_what_no_row_is_named_for_is_left_to_the_judge() -> None:
    assert verdict("What is the fee?", "275 euros.", FEES) is not SentenceVerdict.CONTRADICTED


def test_a_time_of_day_is_no_field() -> None:
    market = "The market opens on 12 March between 8:00 and 10:00."
    answer = "March 12th, between eight and ten."
    assert verdict("When does the market open in March?", answer, market) is not (
        SentenceVerdict.CONTRADICTED
    )


PRICES = "Item | Price (€)\nTank | 890\nPump | 120"
COSTS = "Item | Costs\nRoof | 412.60\nDoor | 88"
WAYS = "To | Distance (km)\nLake | 12\nTown | 4"


@pytest.mark.parametrize(
    ("answer", "question", "passage", "expected"),
    [
        ("890 euros.", "What is the price of the tank?", PRICES, SentenceVerdict.SUPPORTED),
        ("890 dollars.", "What is the price of the tank?", PRICES, SentenceVerdict.CONTRADICTED),
        ("412.60 dollars.", "What does the roof cost?", COSTS, SentenceVerdict.SUPPORTED),
        (
            "412.60 dollars.",
            "What does the roof cost?",
            f"All amounts are in euros.\n\n{COSTS}",
            SentenceVerdict.CONTRADICTED,
        ),
        ("12 km.", "What is the distance to the lake?", WAYS, SentenceVerdict.SUPPORTED),
        ("12 miles.", "What is the distance to the lake?", WAYS, SentenceVerdict.CONTRADICTED),
        ("12 euros.", "What is the distance to the lake?", WAYS, SentenceVerdict.CONTRADICTED),
    ],
)
def test_an_amount_is_in_the_unit_that_its_column_names(
    answer: str, question: str, passage: str, expected: SentenceVerdict
) -> None:
    assert verdict(question, answer, passage) is expected
