"""Answers about the library itself: what is asked is read from the words, what is found is said."""

import datetime as dt
from collections.abc import Iterator

import pytest

from core.base.errors import ErrorCode
from core.base.i18n import use_language
from core.base.paths import Paths
from core.chat.answering.answer_draft import ComposedAnswer
from core.chat.intent.library_question import (
    LibraryQuestion,
    LibraryQuestionKind,
    read_library_question,
)
from core.chat.library_answers.library_answer_text import compose_library_answer
from core.messages import FilesFound, FoundFile
from tests.chat.answer_bench import AnswerBench

TODAY = dt.datetime(2026, 11, 26, 15, 0, tzinfo=dt.UTC)  # a Thursday


@pytest.fixture
def bench(root: Paths) -> Iterator[AnswerBench]:
    made = AnswerBench(root)
    yield made
    made.chats.close()


def question(text: str) -> LibraryQuestion:
    read = read_library_question(text, TODAY)
    assert read is not None
    return read


def file(name: str, **more: object) -> FoundFile:
    values = {"folder_id": "f", "folder": "Garden", "path": f"/g/{name}", "size": 2048, **more}
    return FoundFile(file=name, modified=TODAY.timestamp(), **values)  # type: ignore[arg-type]


def said(bench: AnswerBench, text: str, *files: FoundFile, **more: int) -> ComposedAnswer:
    mentions = sum(each.mentions for each in files)
    found = FilesFound(
        request_id="1",
        files=files,
        total=more.get("total", len(files) - mentions),
        mentions=mentions,
        types={},
        skipped=more.get("skipped", 0),
        unread_files=more.get("unread_files", 0),
    )
    request = bench.request(text, bench.chats.new_conversation("t"), folder_ids=("f",))
    return compose_library_answer(request, question(text.casefold()), found)


def test_a_week_is_that_of_the_calendar() -> None:
    read = question("what changed last week?")
    assert read.kind is LibraryQuestionKind.CHANGED
    assert read.since == dt.datetime(2026, 11, 16, tzinfo=dt.UTC).timestamp()
    assert read.until == dt.datetime(2026, 11, 23, tzinfo=dt.UTC).timestamp()


def test_a_kind_of_document_that_changed_is_looked_up_by_its_name(bench: AnswerBench) -> None:
    for text, word in (
        ("which invoices changed last week?", "invoices"),
        ("welche rechnungen haben sich letzte woche geändert?", "rechnungen"),
        ("quelles factures ont été modifiées la semaine dernière ?", "factures"),
        ("qué facturas se han modificado esta semana?", "facturas"),
        ("ما الفواتير التي أضيفت هذا الأسبوع", "الفواتير"),
        ("上周修改了哪些发票", "发票"),
        ("quali contratti sono stati aggiunti la settimana scorsa?", "contratti"),
        ("quais faturas foram modificadas esta semana?", "faturas"),
        ("welke facturen zijn gisteren gewijzigd?", "facturen"),
        ("jakie faktury dodano wczoraj?", "faktury"),
        ("geçen hafta hangi sözleşmeler değişti?", "sözleşmeler"),
        ("які рахунки додали вчора?", "рахунки"),
        ("昨日どの請求書が変更されましたか", "請求書"),
        ("इस हफ्ते कौन से बिल जोड़े गए?", "बिल"),
    ):
        assert (question(text).kind, question(text).words) == (LibraryQuestionKind.CHANGED, (word,))
    for text in (
        "what changed last week?",
        "which files changed last week?",
        "cosa è cambiato ieri?",
    ):
        assert question(text).words == ()
    invoice, letter = file("invoice_118.pdf"), file("complaint.eml", mentions=True)
    answer = said(bench, "Which invoices changed last week?", invoice, letter)
    assert answer.text.startswith(
        "1 file was changed from 2026-11-16 to 2026-11-22. "
        "Only files with “invoices” in their name, folder or title are counted."
    )
    assert answer.text.index("In the text of:") < answer.text.index("complaint.eml")


def test_since_has_no_end() -> None:
    read = question("welche dokumente sind seit gestern dazugekommen?")
    assert read.since == dt.datetime(2026, 11, 25, tzinfo=dt.UTC).timestamp()
    assert read.until is None


def test_words_and_endings_are_read() -> None:
    read = question("list the pdfs about rent")
    assert (read.words, read.types) == (("rent",), ("pdf",))


def test_it_says_what_was_counted(bench: AnswerBench) -> None:
    lease, offer = file("lease.pdf"), file("offer.md", mentions=True)
    answer = said(bench, "How many contracts are there?", lease, offer, unread_files=2)
    assert answer.text.startswith(
        "1 file has “contracts” in its name, folder or title; 1 more mentions it."
    )
    assert "- lease.pdf" in answer.text
    assert answer.note == "Counted in: Garden."
    assert answer.statistics.unread_files == 2, "said apart, with the offer to ask again"
    assert answer.model == "Inglenook"


def test_each_file_is_a_source_of_its_own_line(bench: AnswerBench) -> None:
    answer = said(bench, "What is the largest file?", file("a.md"), file("b.md"))
    lines = [answer.text[each.start : each.end] for each in answer.citations]
    assert lines == ["a.md (2.05 kB)", "b.md (2.05 kB)"]
    assert [each.path for each in answer.sources] == ["/g/a.md", "/g/b.md"]


def test_what_could_not_be_read_comes_with_its_reason(bench: AnswerBench) -> None:
    damaged = file("a.pdf", code=ErrorCode.FILE_BROKEN.value)
    answer = said(bench, "Which files could not be read?", damaged)
    assert "- a.pdf: It is damaged" in answer.text
    assert "damaged" in answer.sources[0].text


def test_more_than_is_named_is_counted(bench: AnswerBench) -> None:
    answer = said(bench, "What is in my folder?", file("a.md"), total=61)
    assert "There are 61 files." in answer.text
    assert "… and 60 more." in answer.text


def test_a_name_is_no_markup(bench: AnswerBench) -> None:
    assert r"\*b\*" in said(bench, "What is in my folder?", file("*b*.md")).text


def test_it_answers_in_the_language_of_the_question(bench: AnswerBench) -> None:
    use_language("en")
    assert said(bench, "Was ist in meinem Ordner?", file("a.md")).text.startswith("Es gibt 1 Datei")
    use_language("de")
    try:
        answer = said(bench, "What is in the folder?", file("a.md"))
        assert answer.text.startswith("There is 1 file.")
    finally:
        use_language("en")
