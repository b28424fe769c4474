"""Questions made by rule of headings, sentences and figures, by language."""

import pytest

from core.library.folder_test.question_forms import (
    ask_for_figure,
    ask_for_heading,
    ask_for_sentence,
    detect_language,
)

ENGLISH = "The tenant pays for small repairs up to 110 euros each in the whole flat."
GERMAN = "Die Mieterin zahlt kleine Reparaturen bis 110 Euro in der ganzen Wohnung selbst."
FRENCH = "Le locataire paie les petites réparations jusqu'à 110 euros dans tout le logement."
SPANISH = "El inquilino paga las reparaciones pequeñas de hasta 110 euros en toda la vivienda."
RUSSIAN = "Арендатор оплачивает мелкий ремонт стоимостью до 110 евро во всей квартире сам."


@pytest.mark.parametrize(
    ("text", "language"),
    [(ENGLISH, "en"), (GERMAN, "de"), (FRENCH, "fr"), (SPANISH, "es"), (RUSSIAN, ""), ("", "")],
)
def test_the_language_is_known_by_its_commonest_words(text: str, language: str) -> None:
    assert detect_language(text) == language


@pytest.mark.parametrize(
    ("text", "language", "around"),
    [
        (ENGLISH, "en", "repairs up to how much euros each in the whole?"),
        (GERMAN, "de", "Reparaturen bis wie viel Euro in der ganzen Wohnung?"),
        (FRENCH, "fr", "réparations jusqu'à combien euros dans tout le logement?"),
        (SPANISH, "es", "pequeñas de hasta cuánto euros en toda la vivienda?"),
        (RUSSIAN, "", "стоимостью до … евро во всей квартире сам?"),
    ],
)
def test_a_figure_is_asked_for(text: str, language: str, around: str) -> None:
    made = ask_for_figure(text, language)
    assert made
    assert made.text.endswith(around)
    assert "110" not in made.text
    assert made.evidence == text


def test_the_longest_word_of_a_sentence_is_asked_for() -> None:
    made = ask_for_sentence(GERMAN, "de")
    assert made
    assert "Reparaturen" not in made.text
    assert "kleine was bis 110 Euro" in made.text


def test_a_sentence_without_spaces_between_words_has_a_gap_of_two_signs() -> None:
    made = ask_for_sentence("承租人应当在每个月的第三个工作日之前支付房屋的租金和其他费用。", "")
    assert made
    assert made.text.count("…") == 1


@pytest.mark.parametrize(
    ("heading", "language", "question"),
    [
        ("Contract > §5 Small repairs", "en", "What is said about “Small repairs”?"),
        ("2.1 Kleine Reparaturen", "de", "Was steht zu „Kleine Reparaturen“?"),
        ("Petites réparations", "fr", "Que dit-on sur « Petites réparations » ?"),
        ("Reparaciones pequeñas", "es", "¿Qué se dice sobre «Reparaciones pequeñas»?"),
        ("Мелкий ремонт", "", "Мелкий ремонт?"),
    ],
)
def test_a_heading_is_asked_for(heading: str, language: str, question: str) -> None:
    made = ask_for_heading(heading, language)
    assert made
    assert made.text == question


@pytest.mark.parametrize("heading", ["", "Contents", "The of", "7.", "x " * 80])
def test_a_heading_that_says_too_little_asks_for_nothing(heading: str) -> None:
    assert ask_for_heading(heading, "en") is None


@pytest.mark.parametrize(
    "text",
    [
        "Too short a row.",
        "| a | b | 12 | many words in here but a table all the same |",
        "x = {1: 2, 3: 4}; y = [5, 6, 7]; z = (8, 9); f(10, 11, 12)",
    ],
)
def test_what_is_no_running_text_asks_for_nothing(text: str) -> None:
    assert ask_for_sentence(text, "en") is None
    assert ask_for_figure(text, "en") is None
