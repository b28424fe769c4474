"""The language of a text, as far as two texts need to be told apart."""

import pytest

from core.base.text_language import detect_language


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
        ("E18", ""),
        ("", ""),
        ("Köln, Überweisung", ""),
    ],
)
def test_questions_are_told_apart(text: str, language: str) -> None:
    assert detect_language(text) == language
