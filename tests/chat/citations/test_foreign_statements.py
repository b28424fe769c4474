"""Statements in another language than their source: figures by rule, the rest by the judge."""

import pytest

from core.chat.citations.citation_matching import AnswerJudgement, JudgedAnswer
from core.chat.citations.clause_rules import RuleFinding
from core.chat.citations.evidence import Evidence, Statement
from core.chat.citations.rule_based_verifier import RuleBasedVerifier
from core.chat.citations.sentence_verdicts import SupportChance
from tests.chat.citations.test_citations import source

ENGLISH = (
    "The town hall was finished in 1968 and has four floors. It is not open on Mondays. "
    "Similarly, the old mill was flooded by the river four years earlier, in 1964."
)


def evidence(statement: str, passage: str = ENGLISH, question: str = "") -> Evidence:
    (found,) = RuleBasedVerifier([source(1, passage)]).find_evidence(Statement(statement, question))
    return found


def judged(answer: str, chance: SupportChance, passage: str = ENGLISH) -> JudgedAnswer:
    judgement = AnswerJudgement(answer, [source(1, passage)], "")
    return judgement.result([chance for _pair in judgement.statements()])


@pytest.mark.parametrize(
    "statement",
    [
        "Das Rathaus wurde 1968 fertiggestellt und hat vier Stockwerke.",
        "Das Rathaus ist am Montag nicht geöffnet.",
        "Die alte Mühle wurde vier Jahre vorher vom Fluss überschwemmt.",
        "Старую мельницу затопила река четырьмя годами раньше, в 1964 году.",
        "市政厅于1968年竣工。",
    ],
)
def test_no_rule_of_one_language_refuses_a_translation(statement: str) -> None:
    found = evidence(statement)
    assert found.is_foreign
    assert found.finding is RuleFinding.HOLDS


def test_a_figure_that_stands_nowhere_is_missing_in_any_language() -> None:
    assert evidence("Das Rathaus wurde 1969 fertiggestellt.").finding is RuleFinding.LACKING
    assert evidence("Ратушу достроили в 1986 году.").finding is RuleFinding.LACKING
    assert evidence("Das Rathaus hat 5 Stockwerke.").finding is RuleFinding.WITHHELD
    scaled = "公司的收入为35亿美元。"
    assert evidence(scaled, "The firm earned $3.5 billion.").finding is RuleFinding.WITHHELD


def test_the_judge_alone_marks_a_translation() -> None:
    said = "Die alte Mühle wurde 1964 vom Fluss überschwemmt."
    assert judged(said, SupportChance(0.95, 0.02)).sentences[0].verdict.value == "supported"
    assert judged(said, SupportChance(0.4, 0.2)).sentences[0].verdict.value == "unsupported"
    assert judged(said, SupportChance(0.02, 0.95)).sentences[0].verdict.value == "contradicted"
    wrong = "Die alte Mühle wurde 1965 vom Fluss überschwemmt."
    assert judged(wrong, SupportChance(0.97, 0.01)).sentences[0].verdict.value == "unsupported"


def test_a_mark_names_the_passage_where_no_sentence_of_it_can_be_told() -> None:
    said = "Das Rathaus ist am Montag nicht geöffnet."
    (citation,) = judged(said, SupportChance(0.95, 0.02)).citations
    assert (citation.source_start, citation.source_end) == (0, len(ENGLISH))
    dated = "Die alte Mühle wurde 1964 vom Fluss überschwemmt."
    (citation,) = judged(dated, SupportChance(0.95, 0.02)).citations
    assert ENGLISH[citation.source_start :].startswith("Similarly, the old mill")


def test_a_short_answer_is_in_the_language_of_its_question() -> None:
    asked = "Wann wurde die alte Mühle überschwemmt?"
    assert evidence("Im Jahr 1964.", question=asked).is_foreign
    assert not evidence("In 1964.", question="When was the old mill flooded?").is_foreign


def test_a_quoted_title_is_no_statement_in_its_own_language() -> None:
    spanish = "En 1974 se representó en la capital la obra The Keys to the House of the Dead."
    asked = "¿Cómo se llamaba la obra?"
    assert not evidence("The Keys to the House of the Dead.", spanish, asked).is_foreign


def test_a_few_words_need_a_surer_judge_than_a_sentence() -> None:
    said = "Das Rathaus und die alte Mühle liegen beide nah am Fluss in der Stadt."
    assert judged(said, SupportChance(0.6, 0.2)).sentences[0].verdict.value == "supported"
    brief = "Das ist die alte Mühle."
    assert judged(brief, SupportChance(0.6, 0.2)).sentences[0].verdict.value == "unsupported"
