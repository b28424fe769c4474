"""Dates: a day and its month are the same in each form, and a month alone refutes no day of it."""

import pytest

from core.chat.citations.citation_matching import AnswerJudgement
from core.chat.citations.clause_rules import RuleFinding, check_clauses
from core.chat.citations.sentence_features import answer_features, passage_features
from core.chat.conversations.conversation import SentenceVerdict
from tests.chat.citations.test_citations import source

LETTER = (
    "We shall come to sweep the chimney on Thursday, the 12th of March, between eight and ten in"
    " the morning."
)
RULES = "The chimney is swept twice a year, in March and in October, by Kaminski."


@pytest.mark.parametrize(
    "date",
    ["March 12th", "March 12", "12 March", "the 12th of March", "12 de marzo", "12 de março"],
)
def test_a_day_and_its_month_are_one_date_in_each_form(date: str) -> None:
    assert {"12", "@3", "12@3"} <= answer_features(date).words


def test_a_day_of_a_month_in_another_form_is_supported() -> None:
    said = "The chimney is swept on March 12th, between eight and ten in the morning."
    judged = AnswerJudgement(said, [source(1, RULES), source(2, LETTER)], "When is it?").result()
    assert [(each.verdict, each.n) for each in judged.sentences] == [(SentenceVerdict.SUPPORTED, 2)]
    other = said.replace("12th", "13th")
    judged = AnswerJudgement(other, [source(1, RULES), source(2, LETTER)], "When is it?").result()
    assert [each.verdict for each in judged.sentences] != [SentenceVerdict.SUPPORTED]


def test_a_month_without_a_day_refutes_no_day_of_it() -> None:
    read = passage_features("The chimney is swept in March and in October.")
    said = answer_features("The chimney is swept on the 12th of March.")
    assert check_clauses(said, read) is RuleFinding.LACKING
    said = answer_features("The chimney is swept on the 12th of May.")
    assert check_clauses(said, read) is RuleFinding.REFUTED
