"""Numbers are written with the decimal sign of the language that is spoken."""

from collections.abc import Iterator

import pytest

from core.base.formatting import format_bytes, format_count
from core.base.i18n import LocalizedFloat, use_language
from core.models.quantizations.quantization_ladder import format_loss


@pytest.fixture(autouse=True)
def _english_again() -> Iterator[None]:
    yield
    use_language("en")


@pytest.mark.parametrize(("language", "sign"), [("en", "."), ("de", ","), ("ar", ".")])
def test_tenths_stand_behind_the_sign_of_the_language(language: str, sign: str) -> None:
    use_language(language)
    assert f"{LocalizedFloat(1234.56):.1f}" == f"1234{sign}6"
    assert f"{LocalizedFloat(0.5):.0%}" == "50%"
    assert format_bytes(98_362_432) == f"98{sign}4 MB"
    assert format_bytes(1_500) == f"1{sign}5 kB"
    assert format_bytes(1_000) == "1 kB"
    assert f"2{sign}8" in format_loss(0.028)


def test_names_of_models_are_the_same_in_every_language() -> None:
    use_language("de")
    assert format_count(7_240_000_000) == "7.24B"


def test_a_front_end_writes_numbers_in_its_own_way() -> None:
    assert format_loss(0.028, lambda number, places: f"<{number:.1f}|{places}>") == "<2.8|1> %"
