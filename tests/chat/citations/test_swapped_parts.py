"""Who does it, from where to where, on which side of a number, and in which of two clauses."""

import pytest
from msgspec import structs

from core.chat.citations.alike_spellings import spelled_alike
from core.chat.citations.citation_matching import AnswerJudgement
from core.chat.citations.clause_rules import RuleFinding, check_clauses
from core.chat.citations.contrasts.amount_bounds import check_amount_bounds
from core.chat.citations.contrasts.parallel_clauses import check_parallel_clauses
from core.chat.citations.contrasts.swapped_roles import check_swapped_roles
from core.chat.citations.number_normalization import is_computed_from
from core.chat.citations.sentence_features import answer_features, passage_features
from core.chat.citations.tables.table_rows import table_rows
from core.chat.conversations.conversation import SentenceVerdict
from tests.chat.citations.test_citations import source
from tests.chat.citations.test_contrasts import UNSURE, verdict

HOLDS, REFUTED, LACKING = RuleFinding.HOLDS, RuleFinding.REFUTED, RuleFinding.LACKING


@pytest.mark.parametrize(
    ("statement", "passage"),
    [
        ("The desk goes from room 4 to room 9.", "The desk goes from room 9 to room 4."),
        ("Mina waits until Oskar returns.", "Oskar waits until Mina returns."),
        ("Doors open at 19:00 instead of 18:00.", "Doors open at 18:00 instead of 19:00."),
        ("Prices fall from 30 to 25 euros.", "Prices rise from 25 to 30 euros."),
        ("Das Mehl wird in die Milch gerührt.", "Die Milch wird in das Mehl gerührt."),
        ("Le colis part de Nantes vers Lyon.", "Le colis part de Lyon vers Nantes."),
        ("El tren va de Soria a Burgos.", "El tren va de Burgos a Soria."),
        ("Поезд идёт из Твери в Псков.", "Поезд идёт из Пскова в Тверь. Поезд из Псков в Твери."),
        ("Tom Berg succeeds Eva Lind as cashier.", "Eva Lind succeeds Tom Berg as cashier."),
        (
            "Anna Falk replaces Jonas Weber on Fridays.",
            "Anna Falk leads the shop; on Fridays Jonas Weber replaces her.",
        ),
    ],
)
def test_parts_that_are_swapped_are_refuted(statement: str, passage: str) -> None:
    said, read = answer_features(statement), passage_features(passage)
    assert check_swapped_roles(said, read) is REFUTED


@pytest.mark.parametrize(
    ("statement", "passage"),
    [
        ("The report was written by Tom for Ann.", "Tom wrote the report for Ann."),
        ("Ann was fetched by Tom.", "Tom fetched Ann."),
        ("Ann met Tom at the harbour.", "Tom met Ann at the harbour."),
        ("Ann is married to Tom.", "Tom is married to Ann."),
        ("The boiler stands in the cellar.", "In the cellar stands the boiler."),
        ("On 3 May it moved to the yard from the cellar.", "It moved from the cellar to the yard."),
        ("The letter from Ann was sent to Tom.", "Ann sent a letter to Tom."),
        ("The key was given to Tom by Ann.", "Ann gave the key to Tom."),
        ("Tickets rise from 16 to 18 euros.", "Tickets go up from 16 to 18 euros."),
    ],
)
def test_the_same_said_in_another_order_holds(statement: str, passage: str) -> None:
    said, read = answer_features(statement), passage_features(passage)
    assert check_swapped_roles(said, read) is HOLDS


@pytest.mark.parametrize(
    ("statement", "passage", "expected"),
    [
        ("The lift carries more than 6 persons.", "The lift carries at most 6 persons.", REFUTED),
        ("Bags up to 10 kg are weighed.", "Bags above 10 kg are weighed.", REFUTED),
        ("Es dauert mindestens 5 Tage.", "Es dauert höchstens 5 Tage.", REFUTED),
        ("Il faut au moins 3 photos.", "Il faut au plus 3 photos.", REFUTED),
        ("Give notice on Friday at the earliest.", "Give notice on Friday at the latest.", REFUTED),
        ("Reply au plus tôt lundi.", "Reply au plus tard lundi.", REFUTED),
        ("At most 6 persons ride.", "The lift carries up to 6 persons.", HOLDS),
        ("The lift carries 6 persons.", "The lift carries at most 6 persons.", HOLDS),
        ("More than 6 persons may not ride.", "At most 6 persons may ride.", HOLDS),
        ("Bags above 10 kg are weighed.", "Bags over 10 kg are weighed.", HOLDS),
    ],
)
def test_the_side_on_which_a_number_is_bounded(
    statement: str, passage: str, expected: RuleFinding
) -> None:
    said, read = answer_features(statement), passage_features(passage)
    assert check_amount_bounds(said, read) is expected


@pytest.mark.parametrize(
    ("statement", "passage", "expected"),
    [
        (
            "The owner pays the water.",
            "The guest pays the water, the owner pays the heating.",
            LACKING,
        ),
        ("पानी का बिल राम देगा।", "गैस का बिल राम देगा, पानी का बिल सीता देगी।", LACKING),
        ("पानी का बिल राम देगा।", "पानी का बिल सीता देगा, गैस का बिल राम देगा।", LACKING),
        (
            "The guest pays the water.",
            "The guest pays the water, the owner pays the heating.",
            HOLDS,
        ),
        ("Tuva needed no stitches.", "Tuva cut her thumb, no stitches needed.", HOLDS),
        (
            "A member works eight hours.",
            "A member pays 42 euros and works eight hours a year.",
            HOLDS,
        ),
    ],
)
def test_a_subject_of_one_clause_with_the_predicate_of_the_other(
    statement: str, passage: str, expected: RuleFinding
) -> None:
    said, read = answer_features(statement), passage_features(passage)
    assert check_parallel_clauses(said, read) is expected


@pytest.mark.parametrize(
    ("statement", "passage"),
    [
        ("The van leaves on 19 May at the earliest.", "The van does not leave before 19 May."),
        (
            "Der Preis darf nicht vor Ablauf von zwei Jahren steigen.",
            "Der Preis darf frühestens nach zwei Jahren steigen.",
        ),
        ("Le loyer augmente au plus tôt en mai.", "Le loyer n'augmente pas avant mai."),
    ],
)
def test_not_before_is_at_the_earliest(statement: str, passage: str) -> None:
    assert check_clauses(answer_features(statement), passage_features(passage)) is HOLDS
    assert verdict(statement, passage) is not SentenceVerdict.CONTRADICTED


def test_a_swap_is_no_mark_though_a_judge_believes_it() -> None:
    assert verdict(
        "The desk goes from room 4 to room 9.", "The desk goes from room 9 to room 4."
    ) is (SentenceVerdict.CONTRADICTED)


def test_a_number_that_follows_from_others_is_not_contradicted() -> None:
    assert is_computed_from("13", ["24", "11"])
    assert is_computed_from("1500", ["750"])
    assert not is_computed_from("14", ["24", "11"])
    passage = "Of the 24 sugar glasses 11 glasses are left."
    assert verdict("13 sugar glasses are gone.", passage) is SentenceVerdict.UNSUPPORTED
    assert verdict("14 sugar glasses are left.", passage) is SentenceVerdict.CONTRADICTED


@pytest.mark.parametrize(
    ("statement", "judged"),
    [
        ("No more than 20 may come.", "at most 20 may come."),
        ("Es kostet nicht mehr als 20 Euro.", "Es kostet höchstens 20 Euro."),
        ("Cuesta no menos de 20 euros.", "Cuesta como mínimo 20 euros."),
        ("There is no more tea.", "There is no more tea."),
    ],
)
def test_a_judge_reads_a_bound_without_its_negation(statement: str, judged: str) -> None:
    assert spelled_alike(statement, "Up to 20 guests.")[0] == judged


def test_the_thing_that_a_heading_names_is_no_other_one() -> None:
    text = "Ada Kohl is responsible for the instrument and keeps its log."
    headed = structs.replace(source(1, text), heading="Spectrometer")
    statement = "Ada Kohl is responsible for the spectrometer and keeps its log."
    judgement = AnswerJudgement(statement, [headed], "")
    [sentence] = judgement.result([UNSURE]).sentences
    assert sentence.verdict is SentenceVerdict.SUPPORTED


def test_rows_below_a_rule_of_markdown_have_heads() -> None:
    heads = "| Day | From | To |\n|---|---|---|\n"
    text = f"{heads}| 9 July | Faro | Olhao |\n| 10 July | Olhao | Faro |\n"
    rows = list(table_rows(text))
    assert [row.heads for row in rows] == [("Day", "From", "To")] * 2
    assert rows[0].headed == "9 July – From: Faro; To: Olhao."
    assert [text[row.start : row.end][:8] for row in rows] == ["| 9 July", "| 10 Jul"]
    assert verdict("On 9 July they sailed from Olhao to Faro.", text) is (
        SentenceVerdict.CONTRADICTED
    )
