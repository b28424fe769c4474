"""The language of a text, as far as two texts need to be told apart."""

import pytest

from core.base.text_language import detect_language, is_other_language


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("When is the rent due?", "english"),
        ("Wann ist die Miete fällig?", "german"),
        ("Quand est-ce que le loyer est dû ?", "french"),
        ("¿Cuándo se paga la renta?", "spanish"),
        ("Quando a renda é paga no mês?", "portuguese"),
        ("Когда платят за квартиру?", "cyrillic"),
        ("房租什么时候付？", "han"),
        ("家賃はいつ払いますか", "kana"),
        ("متى يدفع الإيجار؟", "arabic"),
        ("ค่าเช่าครบกำหนดเมื่อไหร่", "thai"),
        ("किराया कब देना है?", "devanagari"),
        ("Kiedy wraca chór i ile to kosztuje?", "polish"),
        ("Kira ne zaman ve nasıl ödenir?", "turkish"),
        ("Kdy se koná zkouška a kde to je?", "czech"),
        ("Khi nào thì được trả tiền và bao nhiêu?", "vietnamese"),
        ("E18", ""),
        ("", ""),
        ("Köln, Überweisung", ""),
    ],
)
def test_questions_are_told_apart(text: str, language: str) -> None:
    assert detect_language(text) == language


ENGLISH = "The rent is 740 euros a month. It is due on the third working day of each month."
SPANISH_NAMES = "The line from Plaza de la Reina to Puerta del Sol was opened by the king in 1919."


@pytest.mark.parametrize(
    ("text", "question", "evidence", "is_other"),
    [
        ("Die Miete ist am dritten Werktag fällig.", "", ENGLISH, True),
        ("The rent is due on the third working day.", "", ENGLISH, False),
        ("740 Euro.", "Wie hoch ist die Miete?", ENGLISH, True),
        ("740 euros.", "How high is the rent?", ENGLISH, False),
        ("740", "", ENGLISH, False),
        ("La Reina.", "Where does the line begin?", SPANISH_NAMES, False),
        ("租金每月740欧元。", "", ENGLISH, True),
        ("The rent is due on the third working day.", "", "Плата 740 евро в месяц.", True),
        ("La línea fue abierta por el rey en 1919.", "", SPANISH_NAMES, True),
        ("The rent is due on the third day.", "May I pay?", ENGLISH, False),
        ("The white van is there.", "", "white van | 204\nblue van | 311\nred van | 90", False),
        ("Czynsz to 740 i jest płatny do piątku.", "", ENGLISH, True),
    ],
)
def test_evidence_in_another_language_is_told(
    text: str,
    question: str,
    evidence: str,
    is_other: bool,
) -> None:
    assert is_other_language(text, question, evidence) is is_other
