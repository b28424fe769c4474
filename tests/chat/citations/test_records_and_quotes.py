"""Marks on entries of records, on quotations, and what a judge says of something else."""

import pytest

from core.chat.citations.citation_matching import AnswerJudgement
from core.chat.citations.sentence_verdicts import SupportChance
from core.chat.conversations.conversation import Source

TOOLS = """{"tools": [
 {"name": "Kiln Orton 12", "bought": "2019-05-02", "price_eur": 3150, "serial": "OR-4471"},
 {"name": "Slab roller", "bought": "2021-11-30", "price_eur": 890, "serial": null}
], "insured": true}"""
VISIT = (
    "Patient: Nele Fuchs, born 3 March 1990.\n\n- Resting pulse 61 beats.\n"
    "- The scar on the right knee has healed."
)
LETTER = (
    "Dear Nele,\nthe chimney will be swept on 14 May between 8 and 11 o'clock. The sweep is called "
    "Oskar Blum and comes from Ried & Sons."
)


def verdict(statement: str, text: str, *chance: float, question: str = "") -> str:
    source = Source(
        n=1, folder_id="f", folder="Home", file="a.txt", path="a.txt", page=None, heading="",
        text=text, content_hash="", score=1.0,
    )  # fmt: skip
    chances = [SupportChance(*chance)] if chance else []
    return AnswerJudgement(statement, [source], question).result(chances).sentences[0].verdict.value


def test_a_figure_of_another_field_is_no_support() -> None:
    assert verdict("The serial number of the kiln is 3150.", TOOLS) == "contradicted"
    assert verdict("The serial number of the slab roller is 3150.", TOOLS) != "supported"
    assert verdict("The serial number of the kiln is OR-4471.", TOOLS) == "supported"


def test_a_judge_reads_objects_as_rows_and_one_of_them_is_marked() -> None:
    source = Source(
        n=1, folder_id="f", folder="Home", file="tools.json", path="", page=None, heading="",
        text=TOOLS, content_hash="", score=1.0,
    )  # fmt: skip
    judgement = AnswerJudgement("The kiln's serial is OR-4471.", [source])
    [(_statement, read)] = judgement.statements()
    assert "Kiln Orton 12 – bought: 2019-05-02; price eur: 3150; serial: OR-4471." in read
    assert "Slab roller – bought: 2021-11-30; price eur: 890." in read
    [citation] = judgement.result().citations
    marked = TOOLS[citation.source_start : citation.source_end]
    assert marked.startswith('{"name": "Kiln')
    assert marked.endswith("}")


def test_entries_of_a_record_may_be_told_of_what_it_is_about() -> None:
    assert verdict("The patient's resting pulse is 61 beats.", VISIT, 0.8, 0.1) == "supported"
    assert verdict("The patient's scar has healed.", VISIT, 0.8, 0.1) == "supported"
    assert verdict("The patient's scar has healed.", VISIT, 0.3, 0.4) == "unsupported"


def test_quoted_words_stand_there_whatever_the_judge_says() -> None:
    quoted = "The chimney will be swept on 14 May between 8 and 11 o'clock."
    assert verdict(quoted, LETTER, 0.3, 0.6) == "supported"
    other = "The chimney will be swept on 15 May between 8 and 11 o'clock."
    assert verdict(other, LETTER, 0.3, 0.6) == "contradicted"


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("The sweep is Oskar Blum, and he is from Ried & Sons.", "unsupported"),
        ("Oskar Blum comes to the sweep and is from Ried.", "contradicted"),
    ],
)
def test_words_in_their_order_are_not_contradicted_by_a_judge_alone(
    statement: str, expected: str
) -> None:
    assert verdict(statement, LETTER, 0.1, 0.8) == expected


@pytest.mark.parametrize(("chance", "expected"), [(0.8, "unsupported"), (0.9, "contradicted")])
def test_a_judge_must_be_surer_of_what_the_source_hardly_speaks_of(
    chance: float, expected: str
) -> None:
    assert verdict("The piano is a present of her aunt.", LETTER, 0.05, chance) == expected


def test_the_day_of_a_date_is_no_other_amount() -> None:
    contract = (
        "Supply contract with Elm College\nSigned on 30 June 2026 by Nele Fuchs.\n"
        "Price for each plate: 32.50 euros."
    )
    said = "The price for each plate in the signed contract with Elm College is 32.50 euros."
    assert verdict(said, contract) == "supported"
    assert verdict(said.replace("32.50", "34.00"), contract) != "supported"
