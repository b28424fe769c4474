"""Rows of tables: read with the heads of their columns, by rule and by the judge."""

import pytest

from core.chat.citations.citation_matching import AnswerJudgement
from core.chat.citations.sentence_verdicts import SupportChance
from core.chat.citations.tables.table_rows import table_rows, with_column_heads
from core.chat.conversations.conversation import SentenceVerdict, Source

TABLE = (
    "Fair of the club\nitem | planned | spent | who\nposters | 640 | 512 | Mara\n"
    "stage | 2200 | 2310 | Theo\n\nThe rest is kept."
)
VALUES = "item | value\nspare key | Mrs Lund\nwater meter | 88213\n"


def _source(text: str) -> Source:
    return Source(
        n=1, folder_id="f", folder="Club", file="fair.xlsx", path="fair.xlsx", page=None,
        heading="", text=text, content_hash="", score=1.0,
    )  # fmt: skip


def _verdict(statement: str, text: str, question: str = "") -> SentenceVerdict:
    return AnswerJudgement(statement, [_source(text)], question).result().sentences[0].verdict


def test_rows_become_sentences_that_name_their_columns() -> None:
    assert with_column_heads(TABLE) == (
        "Fair of the club\nitem | planned | spent | who\n"
        "posters – planned: 640; spent: 512; who: Mara.\n"
        "stage – planned: 2200; spent: 2310; who: Theo.\n\nThe rest is kept."
    )
    assert [row.cells[0] for row in table_rows(TABLE)] == ["posters", "stage"]
    assert [row.cells for row in table_rows("| a | b |\n| - | - |\n| c | 1 |\n")] == [("c", "1")]


@pytest.mark.parametrize(
    "text",
    [
        "No table here.",
        "one | line alone",
        "2023 | 2024\n5 | 6",
        "a | b\n---|---",
        "item | planned\nposters | 1 | too many",
    ],
)
def test_what_has_no_heads_stays_as_it_is(text: str) -> None:
    assert not list(table_rows(text))
    assert with_column_heads(text) == text


@pytest.mark.parametrize(
    ("statement", "verdict"),
    [
        ("For the posters 640 were planned.", SentenceVerdict.SUPPORTED),
        ("For the posters 640 were spent.", SentenceVerdict.CONTRADICTED),
        ("For the stage 2310 were planned.", SentenceVerdict.CONTRADICTED),
        ("The posters are 640.", SentenceVerdict.UNSUPPORTED),
    ],
)
def test_a_figure_counts_under_its_own_head(statement: str, verdict: SentenceVerdict) -> None:
    assert _verdict(statement, TABLE) is verdict


def test_no_judge_supports_a_figure_of_another_row_or_column() -> None:
    table = "item | budget | spent | note\ntotal | 900 | 412 | \nlights | 300 | 112 | new\n"
    for statement in ("The budget of the fair is 412.", "The total Heron budget is 300 Euros."):
        judged = AnswerJudgement(statement, [_source(table)]).result([SupportChance(0.8, 0.0)])
        assert judged.sentences[0].verdict is not SentenceVerdict.SUPPORTED


def test_the_question_may_name_the_column() -> None:
    asked = "What was planned for the posters?"
    assert _verdict("The posters are 640.", TABLE, asked) is SentenceVerdict.SUPPORTED


def test_in_a_list_of_values_the_row_says_it_all() -> None:
    assert _verdict("The water meter is 88213.", VALUES) is SentenceVerdict.SUPPORTED


def test_the_judge_is_shown_the_heads() -> None:
    [(_said, evidence)] = AnswerJudgement("The posters cost 512.", [_source(TABLE)]).statements()
    assert "spent: 512" in evidence
