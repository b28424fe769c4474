"""A question on a number, year or person of which the documents have only another one."""

from collections.abc import Sequence

import pytest

from core.chat.answering.refusal_text import other_subject_text
from core.chat.judging.chat_opinion import ChatOpinion, judged_search
from core.library.search.rank_fusion import CandidateRankings
from core.library.search.relevance_judge import Assessment, FoundPassage
from core.library.search.searcher import JudgedHits, Searcher
from core.library.store.library_records import LibraryRecords
from core.messages import SearchDone, SearchVerdict
from tests.library.conftest import ScriptedEmbedder
from tests.library.shelving import put

PAPERS = {
    "lease.txt": "Lease of the flat Elm Road 17. The rent is 940 pounds, due on day 3 of a month.",
    "miete.txt": "Mietvertrag Ahornweg 5, Mieterin: Anna Berger. Die Miete beträgt 812 Euro.",
    "bail.txt": "Bail du logement rue Pasteur 21, signé par Jeanne Morel. Loyer : 730 euros.",
    "contrato.txt": "Contrato de la calle Goya 44, inquilina María Soto. El alquiler: 690 euros.",
    "dogovor.txt": "Договор аренды: улица Мира 12, жилец Иван Петров. Плата: 30 000 рублей.",
    "invoice.txt": "Invoice 2024-0117 of May 2024 for Peter Holm. The pump costs 412 euros.",
    "trains.txt": "Train RX 421 leaves at 23:10. Rooms 3, 4 and 5 are shut, Platform 8-11 open.",
    "boiler.txt": "Error E4: no flame. Error E 9: no water. Seat B12 is its filter, renewed in Q2.",
    "schule.txt": "Am Montag haben die Kinder Musik, am Freitag kommt der Lehrer Otto Blum.",
    "chapters.txt": "Chapter 2 is on soil. The third chapter is on water. Model 0042 is sold out.",
}


class _Certain:
    """A relevance judge that takes all for answered, as the learned one takes Elm Road 18."""

    def assess(self, _question: str, passages: Sequence[FoundPassage]) -> Assessment:
        return Assessment(SearchVerdict.ANSWERED, 0.9, tuple(0.9 for _ in passages))


def _search(question: str, records: LibraryRecords, embedder: ScriptedEmbedder) -> JudgedHits:
    papers = records.add_folder("/papers")
    for name, text in PAPERS.items():
        put(records, papers, name, text)
    rankings = CandidateRankings(records.connection, embedder)
    return Searcher(records.connection, rankings, _Certain()).search_passages(question, (), 5)


@pytest.mark.parametrize(
    ("question", "asked", "found"),
    [
        ("What is the rent for Elm Road 18?", "Elm Road 18", "Elm Road 17"),
        ("Wie hoch ist die Miete im Ahornweg 15?", "Ahornweg 15", "Ahornweg 5"),
        ("Quel est le loyer du 21 ou de la rue Pasteur 12 ?", "Pasteur 12", "Pasteur 21"),
        ("¿Cuál es el alquiler de la calle Goya 45?", "Goya 45", "Goya 44"),
        ("Какая плата за квартиру на улице Мира 14?", "Мира 14", "Мира 12"),
        ("What does the pump of invoice 2024-0118 cost?", "2024-0118", "2024-0117"),
        ("What does the pump cost in the 2023 invoice?", "2023", "2024"),
        ("What does the invoice of 2022 say on the pump?", "2022", "2024"),
        ("When does the train RX 422 leave?", "RX 422", "RX 421"),
        ("What does error e7 mean?", "E7", "E4"),
        ("Was liegt unter Seat B13?", "B13", "B12"),
        ("What did Karl Holm pay for the pump?", "Karl Holm", "Peter Holm"),
        ("Welche Miete zahlt Anna Schneider?", "Anna Schneider", "Anna Berger"),
        ("Quel loyer paie Jeanne Dupont ?", "Jeanne Dupont", "Jeanne Morel"),
        ("Сколько платит Иван Сидоров?", "Иван Сидоров", "Иван Петров"),
    ],
)
def test_another_one_is_named_and_no_answer(
    question: str, asked: str, found: str, records: LibraryRecords, embedder: ScriptedEmbedder
) -> None:
    judged = _search(question, records, embedder)
    assert judged.verdict is SearchVerdict.ON_TOPIC
    assert judged.other == (asked, found)
    assert judged.hits  # they are shown as the nearest


@pytest.mark.parametrize(
    "question",
    [
        "What is the rent for Elm Road 17?",
        "What is the rent?",
        "Can I pay the rent within 30 days?",
        "What does error E4 mean?",
        "What does error E9 mean?",
        "Was the filter renewed in Q3?",
        "Wann haben die Kinder Sport?",
        "Is the rent above 900 pounds?",
        "Is the rent due on day 3?",
        "Wie hoch ist die Miete im Ahornweg 5?",
        "Reichen für die Miete etwa 800 Euro?",
        "What does the pump of invoice 117 cost?",
        "What does the pump cost in the invoice of 2024?",
        "Was room 4 shut?",
        "Is platform 9 open?",
        "What is chapter 3 on?",
        "Is model 42 sold out?",
        "Which rent does Anna Bergar pay?",
        "When did Peter Holm buy the pump?",
        "What happened in 2023?",
        "Has Anna Berger paid 700 euros?",
        "What did Mr Holm pay for the pump?",
        "Welche Miete zahlt Frau Berger?",
        "Quel loyer paie Madame Morel ?",
    ],
)
def test_what_is_there_is_answered(
    question: str, records: LibraryRecords, embedder: ScriptedEmbedder
) -> None:
    judged = _search(question, records, embedder)
    assert (judged.verdict, judged.other.found) == (SearchVerdict.ANSWERED, "")


def test_a_number_of_another_file_is_no_reason_to_refuse(
    records: LibraryRecords, embedder: ScriptedEmbedder
) -> None:
    other = records.add_folder("/more")
    for n in range(6):  # more passages than are examined, before the one that has it
        put(records, other, f"elm{n}.txt", "Elm Road 17: the rent, the rent, the rent of the flat.")
    put(records, other, "note.txt", f"{'Of other things. ' * 30}Elm Road No. 18 was sold.")
    assert _search("What is the rent for Elm Road 18?", records, embedder).other.found == ""


def test_a_chat_model_does_not_turn_it_into_an_answer(
    records: LibraryRecords, embedder: ScriptedEmbedder
) -> None:
    judged = _search("What is the rent for Elm Road 18?", records, embedder)
    done = SearchDone(
        request_id="a", hits=judged.hits, seconds=0.0, verdict=judged.verdict, confidence=0.9,
        asked_subject=judged.other.asked, found_subject=judged.other.found,
    )  # fmt: skip
    assert judged_search(done, ChatOpinion((0.99,), 0.5)).verdict is SearchVerdict.ON_TOPIC


def test_the_other_one_is_said() -> None:
    assert other_subject_text("Elm Road 18", "Elm Road 17") == (
        "The documents speak of “Elm Road 17”, not of “Elm Road 18”."
    )
    assert other_subject_text("", "") == ""
