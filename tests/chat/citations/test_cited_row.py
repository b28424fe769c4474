"""Cited rows: of a table without bars the row that answers is marked, sentences stay whole."""

from core.chat.citations.citation_matching import AnswerJudgement
from core.chat.citations.tables.cited_row import cited_row
from core.chat.conversations.conversation import Source

TABLE = """\
Devices of the house
The following devices were installed; the table lists their warranty.
Device Model Rated power Warranty
Boiler AX-4471 24 kW 31 May 2029
Heat pump HP-90 9 kW 2 July 2031
Water softener WS-12 40 W 9 January 2028"""
ROWS = TABLE[TABLE.index("Device Model") :]
PARAGRAPH = """\
The tenant pays for the heating of the flat and for the water that is used in
it, and the landlord sends an account of both once a year, at the latest in the
month of June"""


def marked(text: str, words: str, statement: str) -> str:
    start = text.index(words)
    first, last = cited_row(text, (start, start + len(words)), statement)
    return text[first:last]


def test_the_row_of_a_table_in_a_page_is_marked_alone() -> None:
    statement = "The warranty of the heat pump ends on 2 July 2031."
    assert marked(TABLE, ROWS, statement) == "Heat pump HP-90 9 kW 2 July 2031"


def test_rows_of_a_passage_that_is_a_table_alone_are_told_apart() -> None:
    statement = "The boiler has a warranty until 31 May 2029."
    assert marked(ROWS, ROWS, statement) == "Boiler AX-4471 24 kW 31 May 2029"


def test_rows_that_share_as_much_stay_together() -> None:
    statement = "The boiler (31 May 2029) and the heat pump (2 July 2031) have a warranty."
    assert marked(TABLE, ROWS, statement) == ROWS


def test_a_sentence_that_runs_over_lines_stays_whole() -> None:
    statement = "The landlord sends an account once a year."
    assert marked(PARAGRAPH, PARAGRAPH, statement) == PARAGRAPH


def test_words_that_no_row_holds_mark_all() -> None:
    assert marked(TABLE, ROWS, "Quite so") == ROWS


def test_a_citation_stands_at_the_row() -> None:
    source = Source(
        n=1, folder_id="f", folder="Home", file="devices.pdf", path="/devices.pdf", page=1,
        heading="", text=TABLE, content_hash="0", score=1.0,
    )  # fmt: skip
    answer = "The heat pump HP-90 has 9 kW."
    (citation,) = AnswerJudgement(answer, [source]).result().citations
    row = TABLE[citation.source_start : citation.source_end]
    assert row == "Heat pump HP-90 9 kW 2 July 2031"
