"""Evidence weights: fitted on made rows whose truth is known."""

import math
from random import Random

import pytest

from core.library.judging.judge import SentenceReading
from core.library.search.evidence_weights import SENTENCE_COSINE
from core.library.search.relevance_judge import FoundPassage
from evidence_fitting import READ_SENTENCES, FittedPair, fit_pair
from evidence_report import report_table
from evidence_rows import EvidenceRow, with_features

NAMES = ["cosine", "share", "judge"]
KEPT = 0.9


def _rows(source: str, words: int, judged: float) -> list[EvidenceRow]:
    """Return rows of passages of so many words; `judged` is said of those that answer."""
    chance = Random(source)
    made = []
    for number in range(120):
        kind = ("answered", "unanswerable", "stranger")[number % 3]
        middle = judged if kind == "answered" else judged - 1.5 if kind == "unanswerable" else -5
        logit = chance.gauss(middle, 0.8)
        text = " ".join(["ferry"] * words)
        cosine = chance.gauss(0.3 if kind == "stranger" else 0.5, 0.1)
        passage = FoundPassage(text, "timetable", cosine)
        probability = 1 / (1 + math.exp(-logit))
        nearest = chance.gauss(0.85 if kind == "answered" else 0.82, 0.03)
        read = 1 / (1 + math.exp(-chance.gauss(1.0 if kind == "answered" else -1.0, 1.0)))
        row = EvidenceRow(
            source=source,
            family=source,
            kind=kind,
            question=f"When does ferry {number} leave?",
            found=True,
            passages=(passage,),
            idf={"ferry": 3.0, "leave": 2.0, str(number): 8.0},
            probabilities=(probability,),
            sentences=(SentenceReading(nearest, read),),
        )
        made.append(with_features(row))
    return made


@pytest.fixture(scope="module")
def pages() -> list[EvidenceRow]:
    return _rows("pages", 150, 2.5)


@pytest.fixture(scope="module")
def notes() -> list[EvidenceRow]:
    return _rows("notes", 25, 0.5)


def _said(pair: FittedPair, rows: list[EvidenceRow], kind: str) -> float:
    """Return the share of a kind that is called answered."""
    some = [row for row in rows if row.kind == kind]
    return sum(pair.answered.logits(some) >= _logit(pair.threshold)) / len(some)


def _confident(pair: FittedPair, rows: list[EvidenceRow], kind: str) -> float:
    """Return the share of a kind that a search calls answered."""
    some = [row for row in rows if row.kind == kind]
    return float((pair.confidences(some) >= pair.threshold).mean())


def _logit(probability: float) -> float:
    return math.log(probability / (1 - probability))


def test_notes_keep_as_much_as_pages(pages: list[EvidenceRow], notes: list[EvidenceRow]) -> None:
    pair = fit_pair(pages, notes, NAMES, KEPT)
    assert _said(pair, pages, "answered") == pytest.approx(KEPT, abs=0.07)
    assert _said(pair, notes, "answered") == pytest.approx(KEPT, abs=0.07)
    assert _said(pair, pages, "unanswerable") < 0.4
    assert _said(pair, notes, "unanswerable") < 0.4


def test_sentences_are_read_where_they_may_change_the_verdict(
    pages: list[EvidenceRow], notes: list[EvidenceRow]
) -> None:
    rows = [*pages, *notes]
    plain = fit_pair(rows, [], NAMES, KEPT)
    pair = fit_pair(rows, [], [*NAMES, SENTENCE_COSINE, READ_SENTENCES], KEPT)
    assert plain.doubt is None
    doubt = pair.doubt
    assert doubt is not None
    assert READ_SENTENCES in pair.answered.names
    assert doubt.lowest < pair.threshold < doubt.highest
    assert _confident(pair, pages, "answered") == pytest.approx(KEPT, abs=0.07)
    refused = [1 - _confident(each, rows, "unanswerable") for each in (plain, pair)]
    assert refused[1] > refused[0]


def test_the_report_names_every_source_with_its_interval(
    pages: list[EvidenceRow], notes: list[EvidenceRow]
) -> None:
    pair = fit_pair(pages, notes, NAMES, KEPT)
    lines = report_table(pair, [*pages, *notes]).splitlines()
    [line] = [each for each in lines if each.startswith("notes ") and "stranger" in each]
    assert "[-0.00, 0.09]" in line or "[0.00, 0.09]" in line


def test_brevity_grows_as_passages_shorten(
    pages: list[EvidenceRow], notes: list[EvidenceRow]
) -> None:
    assert pages[0].features["brevity"] < 0 < notes[0].features["brevity"]
