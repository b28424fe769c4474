"""Which document a task means that names a certain one, but none by its name or title."""

import pytest
from msgspec import structs

from core.chat.conversations.conversation import AnswerStatistics
from core.chat.whole_documents.document_task import (
    TaskDocument,
    folder_documents,
    named_documents,
)
from core.chat.whole_documents.meant_documents import (
    MeantDocuments,
    means_certain_document,
    meant_documents,
    which_document_answer,
)
from core.messages import SearchHit
from tests.chat.answer_bench import hit


def document(file: str) -> TaskDocument:
    return TaskDocument(
        file=file, path=f"/p/{file}", folder_id="f", title="", content_hash=file, words=90
    )


PAPERS = tuple(document(f"{name}.txt") for name in ("mv_2021", "hv", "scan7", "kredit", "trip"))


def found(*files: tuple[str, float]) -> list[SearchHit]:
    return [
        structs.replace(hit(n, "Text."), file=f"{file}.txt", confidence=confidence)
        for n, (file, confidence) in enumerate(files, start=1)
    ]


@pytest.mark.parametrize(
    "question",
    [
        "Give me the gist of the landlord's letter",
        "Compare the two offers",
        "Übersetze das Schreiben vom Vermieter",
        "Fasse die Nebenkostenabrechnung zusammen",
        "Vergleiche die beiden Angebote",
        "Résume-moi le bail en cinq lignes",
        "Traduis l'offre",
        "Traduce la carta del banco",
        "Traduci tutta la lettera",
        "Resume o contrato",
        "Vat het huurcontract samen",
        "لخّص عقد الإيجار",
        "把房东的信翻译成英文",
        "Kira sözleşmesini özetle",
        "Streść umowę najmu",
        "Перескажи договор аренды",
        "契約書を要約して",
    ],
)
def test_a_task_on_a_certain_document_is_told(question: str) -> None:
    assert means_certain_document(question)


@pytest.mark.parametrize(
    "question",
    [
        "Summarise my folder in three sentences",
        "Summarise the contract files",
        "List all amounts in my documents",
        "Fasse alle Verträge zusammen",
        "Fasse meinen Ordner in zwei Sätzen zusammen",
        "Résume tous mes documents",
        "Haz una lista de los plazos en los contratos",
        "Riassumi tutte le lettere",
        "لخّص كل الملفات",
        "总结所有合同",
        "Bütün sözleşmeleri özetle",
        "すべての契約書を要約して",
    ],
)
def test_a_task_over_all_is_none_on_a_certain_document(question: str) -> None:
    assert not means_certain_document(question)


def test_the_document_that_answers_likelier_than_not_is_meant() -> None:
    hits = found(("scan7", 0.6), ("hv", 0.3), ("scan7", 0.1))
    meant = meant_documents("Summarise the dentist's estimate", PAPERS, hits)
    assert [each.file for each in meant.documents] == ["scan7.txt"]


def test_two_documents_are_meant_by_a_comparison() -> None:
    hits = found(("hv", 0.7), ("kredit", 0.6), ("trip", 0.2))
    meant = meant_documents("Compare the two offers", PAPERS, hits)
    assert [each.file for each in meant.documents] == ["hv.txt", "kredit.txt"]
    unsure = meant_documents("Compare the two offers", PAPERS, hits[:1])
    assert not unsure.documents


def test_where_none_is_sure_the_nearest_are_offered() -> None:
    hits = found(("mv_2021", 0.26), ("hv", 0.14), ("mv_2021", 0.2), ("gone", 0.1))
    meant = meant_documents("Übersetze das Schreiben vom Vermieter", PAPERS, hits)
    assert not meant.documents
    assert [each.file for each in meant.nearest] == ["mv_2021.txt", "hv.txt"]
    assert meant.total == len(PAPERS)


def test_without_anything_near_all_are_gone_through() -> None:
    assert meant_documents("Summarise the letter", PAPERS, []).documents == PAPERS


def test_the_question_back_names_each_as_a_source_and_how_to_go_on() -> None:
    meant = MeantDocuments(nearest=tuple(found(("mv_2021", 0.2), ("hv", 0.1))), total=5)
    answer = which_document_answer("Translate the letter", meant, AnswerStatistics(stop="stop"))
    assert [answer.text[each.start : each.end] for each in answer.citations] == [
        "mv_2021.txt",
        "hv.txt",
    ]
    example = "Translate the letter (mv_2021.txt)"
    assert example in answer.text
    assert [each.file for each in named_documents(example, PAPERS)] == ["mv_2021.txt"]


def test_a_short_name_counts_with_its_ending() -> None:
    assert [each.file for each in named_documents("Translate hv.txt", PAPERS)] == ["hv.txt"]
    assert named_documents("Translate xhv.txt", PAPERS) == ()


def test_a_subfolder_narrows_down_what_is_meant_among() -> None:
    papers = (document("Bank/loan.txt"), document("Bank/scan7.txt"), document("Home/hv.txt"))
    question = "Translate the letter from the bank"
    assert named_documents(question, papers) == ()
    assert folder_documents(question, papers) == papers[:2]
