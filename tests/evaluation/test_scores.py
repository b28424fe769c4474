"""Scores of one answer: normalisation, overlap, refusals, citations."""

import sys

import pytest

from core.base.imports.import_stubs import EMBEDDING_STUBS
from core.evaluation.answer_overlap import contains_all, exact_match, normalize_answer, token_f1
from core.evaluation.answer_record import AnswerRecord
from core.evaluation.answer_scores import is_right, score_citations, score_overlap
from core.evaluation.overlap_packages import OverlapPackages
from core.evaluation.refusal_phrases import is_refusal


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("The  Eiffel-Tower!", "eiffeltower"),
        ("An apple, a day.", "apple day"),
        ("110,50 €", "11050 €"),
        ("\u200fمرحبا\u200e", "مرحبا"),
    ],
)
def test_normalisation_is_squad_s(text: str, normal: str) -> None:
    assert normalize_answer(text) == normal


def test_overlap_takes_the_best_reference() -> None:
    assert exact_match("the Cat.", ("dog", "cat")) == 1
    assert token_f1("a black cat", ("cat", "black cat")) == 1
    assert token_f1("a black cat sat", ("cat",)) == 0.5
    assert token_f1("", ("cat",)) == 0
    assert token_f1("1962 年竣工", ("1962年",)) == pytest.approx(2 / 3)
    assert contains_all("Three\nMonths' notice", ("three months", "NOTICE"))
    assert not contains_all("three", ("three", "months"))


@pytest.mark.parametrize(
    "reply",
    [
        "",
        "Nothing about this was found in the folder “Home”.",
        "The documents do not mention a blood group.",
        "I couldn't find it in the sources.",
        "Dazu enthalten die Unterlagen keine Angaben.",
        "Le document ne mentionne pas ce prix.",
        "El documento no menciona el precio.",
        "В документе не указано.",
        "文件中没有提到这一点。",
        "文書には記載がありません。",
        "لا يذكر المستند ذلك.",
    ],
)
def test_refusals_in_words(reply: str) -> None:
    assert is_refusal(reply)


@pytest.mark.parametrize(
    "reply",
    [
        "Three months to the end of a month; an e-mail is not enough.",
        "No, you cannot sublet it.",
        "Nein, das ist nicht erlaubt.",
        "The pump filter.",
        "他不喜欢苹果。",
    ],
)
def test_answers_that_only_look_like_refusals(reply: str) -> None:
    assert not is_refusal(reply)


def record(**changes: object) -> AnswerRecord:
    return AnswerRecord(**{"id": "1", "question": "Who?", **changes})  # type: ignore[arg-type]


def test_citations_are_compared_by_file() -> None:
    cited = record(
        file="Home/Lease.pdf", also_ok=("Home/Draft.docx",), cited_files=("home/lease.pdf", "x.md")
    )
    assert score_citations(cited) == {"citation_recall": 1, "citation_precision": 0.5}
    assert score_citations(record(file="Home/Lease.pdf")) == {"citation_recall": 0}
    assert score_citations(record(file="Lease.pdf", cited_files=("Home/Lease.pdf",))) == {
        "citation_recall": 1,
        "citation_precision": 1,
    }
    assert score_citations(record(file="Home/a.md", cited_files=("Home/ba.md",))) == {
        "citation_recall": 0,
        "citation_precision": 0,
    }
    assert score_citations(record(cited_files=("x",))) == {}


def test_what_is_right_as_a_whole() -> None:
    assert is_right(record(reply="It was Aunt Mathilda in 1931.", answers=("1931",)))
    assert not is_right(record(reply="1931", must_contain=("1931", "Mathilda")))
    assert is_right(record(answerable=False, is_refused=True))
    assert not is_right(record(answerable=False))
    assert not is_right(record(reply="1931", answers=("1931",), is_refused=True))


def test_published_packages_agree_with_themselves(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in EMBEDDING_STUBS:  # a test of embedding may have put them in place of SciPy's
        monkeypatch.delitem(sys.modules, name, raising=False)
    packages = OverlapPackages()
    assert packages.missing == []
    same = record(reply="the cat sat on the mat today", answers=("the cat sat on the mat today",))
    scores = score_overlap(same, packages)
    assert scores == pytest.approx(
        dict.fromkeys(("exact_match", "token_f1", "bleu", "rouge1", "rouge2", "rougeL"), 1.0)
    )
    half = score_overlap(record(reply="Größe und Gewicht", answers=("Größe",)), packages)
    assert half["rouge1"] == pytest.approx(0.5)
    assert packages.rouge("北京大学", ("北京",))["rouge1"] == pytest.approx(2 / 3)
    assert packages.corpus_bleu(["a b c d e"], [("a b c d e", "x")]) == pytest.approx(1)


def test_without_the_packages_two_scores_are_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("sacrebleu", "rouge_score.rouge_scorer"):
        monkeypatch.setitem(__import__("sys").modules, name, None)
    packages = OverlapPackages()
    assert packages.missing == ["sacrebleu", "rouge-score"]
    scores = score_overlap(record(reply="x", answers=("x",)), packages)
    assert scores == {"exact_match": 1, "token_f1": 1}
    assert packages.corpus_bleu(["x"], [("x",)]) is None
