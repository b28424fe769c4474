"""Numbers, dates, units and words of statements in further languages, against their passages."""

import pytest

from core.chat.citations.alike_spellings import spelled_alike
from core.chat.citations.clause_rules import RuleFinding, check_clauses
from core.chat.citations.sentence_features import answer_features, passage_features
from core.chat.citations.spelled_numbers import kanji_as_figures


def finding(statement: str, passage: str) -> RuleFinding:
    return check_clauses(answer_features(statement), passage_features(passage))


@pytest.mark.parametrize(
    ("passage", "right", "wrong"),
    [
        ("町内会費を月四百円に引き上げる。", "町内会費は月400円です。", "町内会費は月500円です。"),
        ("夏祭りは八月二十二日に開く。", "夏祭りは8月22日です。", "夏祭りは8月23日です。"),
        ("夏祭りは八月二十二日に開く。", "The festival is on 22 August.", "It is on 22 July."),
        ("費用は一台七万八千円である。", "費用は78000円です。", "費用は87000円です。"),
        ("मासिक किराया १४,५०० रुपये है।", "किराया 14500 रुपये है।", "किराया 15500 रुपये है।"),
        ("जमानत 1,45,000 रुपये है।", "जमानत 145000 रुपये है।", "जमानत 154000 रुपये है।"),
        ("मेला १८ दिसंबर को है।", "The fair is on 18 December.", "The fair is on 18 November."),
        ("Wycieczka odbędzie się 12 maja.", "The trip is on 12 May.", "The trip is on 12 June."),
        ("Стіл буде готовий 5 червня.", "The table is ready on 5 June.", "Стіл готовий 5 липня."),
        ("Tur 17 Ekim 2026 günüdür.", "Tur 17.10.2026 tarihindedir.", "Tur 17 Kasım günüdür."),
        (
            "L’agente riceve l’8,5 per cento.",
            "L’agente riceve l’8,5 %.",
            "L’agente riceve 8,5 euro.",
        ),
        ("De pomp loopt vier minuten.", "De pomp loopt vier minuten.", "De pomp loopt 5 minuten."),
        ("Er geldt twaalf jaar garantie.", "Er geldt 12 jaar garantie.", "Er geldt twee jaar."),
        (
            "Il vaso sta otto mesi in cantina.",
            "Sta 8 mesi in cantina.",
            "Sta nove mesi in cantina.",
        ),
        ("Demora trinta e cinco minutos.", "Demora 35 minutos.", "Demora quarenta minutos."),
        ("Trwa dwadzieścia pięć dni.", "Trwa 25 dni.", "Trwa dwadzieścia sześć dni."),
        ("Iade otuz beş gün sürer.", "Iade 35 gün sürer.", "Iade kırk gün sürer."),
        ("राशि पंद्रह दिन में मिलेगी।", "राशि 15 दिन में मिलेगी।", "राशि बीस दिन में मिलेगी।"),
        ("Ci vogliono trentacinque giorni.", "Ci vogliono 35 giorni.", "Ci vogliono 34 giorni."),
        ("O prazo é de 3 meses.", "O prazo é de 3 meses.", "O prazo é de 3 semanas."),
        ("Термін 14 днів.", "Термін 14 днів.", "Термін 14 тижнів."),
    ],
)
def test_numbers_dates_and_units_of_further_languages(passage: str, right: str, wrong: str) -> None:
    assert finding(right, passage) is RuleFinding.HOLDS
    assert finding(wrong, passage) in {RuleFinding.REFUTED, RuleFinding.LACKING}


@pytest.mark.parametrize(
    ("passage", "right", "wrong"),
    [
        ("It is on 17 October 2026.", "It is on 2026-10-17.", "It is on 2026-10-18."),
        ("It is on October 17, 2026.", "It is on 10/17/2026.", "It is on 10/17/2025."),
        ("Er ist am 17. Oktober 2026.", "Er ist am 17.10.2026.", "Er ist am 17.11.2026."),
        ("È il 17 ottobre 2026.", "È il 17/10/2026.", "È il 17/10/2025."),
    ],
)
def test_a_date_in_figures_is_that_in_words(passage: str, right: str, wrong: str) -> None:
    assert finding(right, passage) is RuleFinding.HOLDS
    assert finding(wrong, passage) in {RuleFinding.REFUTED, RuleFinding.LACKING}


def test_what_another_step_says_is_not_that_of_a_step() -> None:
    steps = "3. Turn the mount until Polaris stands in the scope. | 4. Tighten the bolts by hand."
    assert finding("Step 4 is to tighten the bolts by hand.", steps) is RuleFinding.HOLDS
    assert finding("Step 3 is to tighten the bolts by hand.", steps) is RuleFinding.REFUTED
    assert finding("Step 3 is to turn the mount until Polaris stands.", steps) is RuleFinding.HOLDS


def test_a_word_with_vowel_signs_is_one_word() -> None:
    read = passage_features("मकान का किराया")
    assert read.words == {"मकान", "किराया"}
    assert answer_features("कर").words.isdisjoint(read.words)


@pytest.mark.parametrize(
    "text", ["The rent is due monthly.", "Due minutes matter.", "Sei stato gentile.", "Otto weint."]
)
def test_other_words_are_no_numbers(text: str) -> None:
    assert not answer_features(text).numbers


def test_scripts_without_spaces_are_compared_in_pairs() -> None:
    read = passage_features("ค่าเช่าบ้านเดือนละสามพันบาท")
    assert answer_features("ค่าเช่าบ้าน").words <= read.words


@pytest.mark.parametrize(
    ("statement", "passage"),
    [
        ("È vietato usare il metallo.", "Non è vietato usare il metallo."),
        ("Собак тримати дозволено.", "Собак тримати не дозволено."),
        ("पालतू जानवर रखना मना है।", "पालतू जानवर रखना मना नहीं है।"),
        ("Het is verboden te roken.", "Het is niet verboden te roken."),
        ("Wolno palić.", "Nie wolno palić."),
    ],
)
def test_negations_of_further_languages(statement: str, passage: str) -> None:
    assert not answer_features(statement).negations
    assert len(passage_features(passage).negations) == 1


@pytest.mark.parametrize(
    ("text", "figures"),
    [
        ("二千五百円", "2500円"),
        ("二〇二六年", "2026年"),
        ("一億二千万円", "120000000円"),
        ("十時", "10時"),
        ("一番だし", "一番だし"),
        ("三浦節子", "三浦節子"),
        ("八百屋", "八百屋"),
    ],
)
def test_numbers_in_signs_count_before_a_counter(text: str, figures: str) -> None:
    assert kanji_as_figures(text) == figures


def test_a_judge_is_shown_numbers_in_signs_as_its_statement_has_them() -> None:
    shown = spelled_alike("費用は78000円です。", "費用は一台七万八千円である。")
    assert shown == ("費用は78000円です。", "費用は1台78000円である。")
    assert spelled_alike("費用は七千円です。", "費用は八千円だ。")[1] == "費用は八千円だ。"
