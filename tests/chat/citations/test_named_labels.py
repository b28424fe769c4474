"""A letter beside a digit, a title and a share tell things apart that share every other word."""

import pytest

from core.chat.citations.citation_matching import AnswerJudgement
from core.chat.conversations.conversation import SentenceVerdict
from tests.chat.citations.test_citations import source


def verdict(statement: str, text: str) -> SentenceVerdict:
    (judged,) = AnswerJudgement(statement, [source(1, text)], "").result().sentences
    return judged.verdict


@pytest.mark.parametrize(
    ("statement", "text"),
    [
        ("Plot A2 is watered on Mondays.", "Plot B2 is watered on Mondays."),
        ("Plot A2 belongs to Marta.", "Plot B2 belongs to Marta. Plot A2 belongs to Oleg."),
        ("The motion got 12.5 percent.", "The motion got 12.5 votes on average."),
        ("The motion got 12.5 votes.", "The motion got 12.5 percent."),
        ("Ask Mrs Miller about the keys.", "Ask Mr Miller about the keys."),
        ("The report is due from 4 April.", "The report is due by 4 April."),
        (
            "Bitte räumen Sie das Bad ab dem 4. April aus.",
            "Bitte räumen Sie das Bad und die Küche bis zum 4. April aus.",
        ),
    ],
)
def test_another_one_is_not_supported(statement: str, text: str) -> None:
    assert verdict(statement, text) is not SentenceVerdict.SUPPORTED


@pytest.mark.parametrize(
    ("statement", "text"),
    [
        ("Plot B2 is watered on Mondays.", "Plot B2 is watered on Mondays."),
        ("The motion got 12.5 percent.", "The motion got 12.5 % of the votes."),
        ("Ask Ms Miller about the keys.", "Ask Mrs Miller about the keys."),
        ("The report is due until 4 April.", "The report is due by 4 April."),
    ],
)
def test_the_same_in_another_form_is(statement: str, text: str) -> None:
    assert verdict(statement, text) is SentenceVerdict.SUPPORTED
