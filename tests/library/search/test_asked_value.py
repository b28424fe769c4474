"""Kinds of values that questions ask for, and how papers of a dozen languages write them."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import apsw
import pytest

from core.base.paths import Paths
from core.chat.answering.refusal_text import missing_value_text
from core.library.search.asked_value import (
    asked_value,
    holds_value,
    missing_value,
    without_value,
)
from core.library.search.evidence_judge import EvidenceJudge
from core.library.search.relevance_judge import FoundPassage
from core.library.store.library_records import LibraryRecords
from core.messages import SearchVerdict
from tests.library.search.test_doubtful_questions import FAR, SentenceJudge

STAY = "Two nights at the house by the river, booked under the name of Marta, with breakfast."


@pytest.mark.parametrize(
    ("question", "name", "written", "other"),
    [
        ("What does the hostel cost?", "money", "A night is twelve pounds.", STAY),
        ("How much is the deposit?", "money", "It is two months' rent.", STAY),
        ("How much is the rent?", "money", "Name | Rent\nFlat 2 | 940", STAY),
        ("How much is the entrance fee?", "money", "Children come in free.", STAY),
        ("What is the landlord's phone number?", "phone", "Tel. 030/12 34 56", "Due 3.4.2026"),
        ("Which number do I call at night?", "phone", "Please call 112 then.", STAY),
        ("What is her e-mail address?", "email", "m.berg@example.org", STAY),
        ("What percentage do I get back?", "percentage", "Half of it is paid.", STAY),
        ("How heavy may my bag be?", "weight", "Ten kilos at most.", STAY),
        ("How old is the boiler?", "age", "It was built in 1998.", "It stands in the cellar."),
        ("At what time does it open?", "time", "From nine to five.", "It is shut on Mondays."),
        (
            "How long is the guarantee?",
            "duration",
            "Until the end of 2027.",
            "It covers all parts.",
        ),
        ("How many calories has a slice?", "calories", "210 kcal", "Two eggs, 300 g of flour."),
        ("How many people came?", "count", "Ines, Tom and two others.", "Ines and Tom came."),
        ("What is my account number?", "reference", "IBAN DE02 1203 0000", "Paid on 3 May."),
        ("Was kostet die Reparatur?", "money", "Lohn: 45,-", "Die Pumpe ist neu."),
        ("Wie hoch ist die Miete?", "money", "Miete: 940", "Die Miete ist am Dritten fällig."),
        ("Wie schwer ist das Gerät?", "weight", "ein halbes Pfund", "Das Gerät ist rot."),
        ("Combien coûte le cours ?", "money", "Douze euros la leçon.", "Le cours est le lundi."),
        ("Quel est le numéro de téléphone ?", "phone", "04 76 12 34 56", "Il habite à Lyon."),
        ("¿Cuánto pesa la paciente?", "weight", "61 kg", "La paciente no tiene fiebre."),
        ("Quanto costa il biglietto?", "money", "Ingresso gratuito.", "Il museo è in centro."),
        ("Quanto é a mensalidade?", "money", "São 35 reais.", "As aulas são às terças."),
        ("Hoe lang duurt de cursus?", "duration", "zes weken", "De cursus is in Utrecht."),
        ("Ile kosztuje bilet?", "money", "20 zł", "Bilet jest do kupienia w kasie."),
        ("Сколько стоит билет?", "money", "300 рублей", "Билет можно купить в кассе."),
        ("كم سعر الغسالة؟", "money", "ألف درهم", "الغسالة في المطبخ."),
        ("房东的电话是多少？", "phone", "电话：010-62345678", "房东住在三楼。"),
        ("押金是多少？", "money", "押金两千元。", "押金在退房时退还。"),
        ("家賃はいくらですか", "money", "家賃は五万円です。", "家賃は毎月払います。"),
    ],
)
def test_a_value_is_told_from_its_absence(
    question: str, name: str, written: str, other: str
) -> None:
    asked = asked_value(question)
    assert asked is not None
    assert asked.name == name
    assert asked.may_be_in(written)
    assert not asked.may_be_in(other)
    assert missing_value_text(name) != ""


@pytest.mark.parametrize(
    "question",
    [
        "Who signed the lease?",
        "When is the heating checked?",
        "May I keep a dog?",
        "Who took the phone to the repair shop?",
        "Was steht im Vertrag über Haustiere?",
        "中國於何時承認外蒙古獨立？",
        "",
    ],
)
def test_other_questions_ask_for_none(question: str) -> None:
    assert asked_value(question) is None
    assert holds_value(question, [STAY]) == [True]


def test_what_is_written_in_a_language_not_known_here_is_not_doubted() -> None:
    swedish = "Biljetten är till salu i kassan och den kan köpas av alla som har ett medlemskort."
    assert holds_value("What does the ticket cost?", [swedish, STAY]) == [True, False]
    assert without_value(0.9) == pytest.approx(0.057, abs=0.001)
    assert 0.0 < without_value(0.0) < without_value(1.0) < 1.0


def test_a_value_elsewhere_in_the_nearest_document_is_there() -> None:
    found = [FoundPassage(STAY, "trip.txt", 0.8), FoundPassage("The rent: 940.", "flat.txt", 0.5)]
    assert missing_value("What does the hostel cost?", found) == "money"
    found.append(FoundPassage("A night is twelve pounds.", "trip.txt", 0.4))
    assert missing_value("What does the hostel cost?", found) == ""
    assert missing_value("Who booked it?", found) == ""


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[apsw.Connection]:
    paths = Paths(tmp_path)
    paths.create_folders()
    records = LibraryRecords(paths)
    yield records.connection
    records.close()


@pytest.mark.parametrize(
    ("text", "verdict", "missing"),
    [
        (STAY, SearchVerdict.ON_TOPIC, "money"),
        (f"{STAY} A night is twelve pounds.", SearchVerdict.ANSWERED, ""),
    ],
)
def test_a_passage_without_the_value_does_not_answer(
    connection: apsw.Connection, text: str, verdict: SearchVerdict, missing: str
) -> None:
    judge = SentenceJudge(0.9, FAR)
    passages: Sequence[FoundPassage] = [FoundPassage(text, "the hostel in Bled", 0.7)]
    evidence = EvidenceJudge(connection, "all-MiniLM-L6-v2", judge)
    found = evidence.assess("What does the hostel in Bled cost?", passages)
    assert (found.verdict, found.missing_value) == (verdict, missing)


def test_an_amount_of_another_subject_does_not_answer(connection: apsw.Connection) -> None:
    passages = [
        FoundPassage(STAY, "the hostel in Bled", 0.7),
        FoundPassage("The rent of the flat is 940 pounds.", "lease", 0.2),
    ]
    evidence = EvidenceJudge(connection, "all-MiniLM-L6-v2", SentenceJudge(0.6, FAR, FAR))
    found = evidence.assess("What does the hostel in Bled cost?", passages)
    assert (found.verdict, found.missing_value) == (SearchVerdict.ON_TOPIC, "money")


def test_a_question_in_another_language_is_checked_alike(connection: apsw.Connection) -> None:
    evidence = EvidenceJudge(connection, "all-MiniLM-L6-v2", SentenceJudge(0.9, FAR))
    asked = "Was kostet die Nacht in dem Haus?"
    found = evidence.assess(asked, [FoundPassage(STAY, "trip", 0.2)])
    assert (found.verdict, found.missing_value) == (SearchVerdict.ON_TOPIC, "money")
    found = evidence.assess(asked, [FoundPassage(f"{STAY} It was 40 pounds.", "trip", 0.2)])
    assert (found.verdict, found.missing_value) == (SearchVerdict.ANSWERED, "")
