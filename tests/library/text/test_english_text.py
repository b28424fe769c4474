"""English or not, as far as the choice of an embedder needs it."""

import pytest

from core.library.text.english_text import is_other_than_english


@pytest.mark.parametrize(
    "text",
    [
        "Die Heizung wird einmal im Jahr gewartet, zuletzt am 14. November von der Firma.",
        "Le locataire doit payer le loyer au plus tard le cinq du mois, sans délai.",
        "El inquilino pagará la renta el primer día de cada mes por transferencia.",
        "Ogrzewanie jest sprawdzane raz w roku, ostatnio było to w listopadzie.",
        "Арендная плата вносится до пятого числа каждого месяца.",
        "房租每月五日前支付。",
        "家賃は毎月五日までに支払います。",
        "يدفع الإيجار قبل الخامس من كل شهر.",
        "ค่าเช่าต้องชำระก่อนวันที่ห้าของทุกเดือน",
        "किराया हर महीने की पाँच तारीख से पहले देना है।",
    ],
)
def test_other_languages_are_seen(text: str) -> None:
    assert is_other_than_english(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "12.4; 17; 90 %",
        "The rent is due on the first of each month, as agreed in the lease.",
        "Beyoncé Giselle Knowles-Carter is a singer who was born in Houston in 1981.",
        "def read(path): return [line.strip() for line in open(path) if line]",
        "Müller, Köln, Überweisung",
        "Los Angeles Rams, San Diego Chargers, Los Angeles Lakers and the Dodgers of the city",
    ],
)
def test_english_code_and_names_are_not(text: str) -> None:
    assert not is_other_than_english(text)
