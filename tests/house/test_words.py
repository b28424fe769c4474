"""The template for translators holds what the program says; a translation of it is spoken."""

import copy
import datetime as dt
import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

import words
from core.base.errors import ErrorCode, InglenookError
from core.base.i18n import use_language
from tests.house.sources import own_files

RETIRED = {"shelf": "the list of models"}
"""Words for things that have another name, and that name."""


def ids(catalog: Catalog) -> set[object]:
    return {message.id for message in catalog if message.id}


@pytest.fixture(scope="module")
def collected() -> Catalog:
    return words.collected()


def test_the_template_is_up_to_date(collected: Catalog) -> None:
    with words.TEMPLATE.open("rb") as file:
        kept = ids(read_po(file, abort_invalid=True))
    now = ids(collected)
    assert kept == now, f"run packaging/words.py: {kept ^ now}"


def test_one_thing_has_one_name(collected: Catalog) -> None:
    said = [str(each).casefold() for each in ids(collected)]
    found = {word: [text for text in said if re.search(rf"\b{word}\b", text)] for word in RETIRED}
    assert not any(found.values()), found


def test_the_template_changes_with_its_sentences_only(collected: Catalog) -> None:
    later = copy.deepcopy(collected)
    assert isinstance(later.creation_date, dt.datetime)
    later.creation_date += dt.timedelta(days=1)
    assert words.template(later) == words.template(collected)


def test_a_translation_is_compiled_and_spoken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    catalog = Catalog(locale="de")
    catalog.add("No model is chosen.", "Kein Modell ist gewählt.")
    file = tmp_path / "de" / "LC_MESSAGES" / "inglenook.po"
    file.parent.mkdir(parents=True)
    with file.open("wb") as written:
        write_po(written, catalog)
    assert words.compile_all(tmp_path) == [file.with_suffix(".mo")]
    monkeypatch.setattr("core.base.i18n.LOCALE_DIR", tmp_path)
    use_language("de")
    try:
        assert InglenookError(ErrorCode.NO_MODEL).message == "Kein Modell ist gewählt."
    finally:
        use_language()


def test_each_translation_is_compiled() -> None:
    names = own_files()
    missing = [
        name
        for name in names
        if name.endswith(".po") and name.removesuffix("po") + "mo" not in names
    ]
    assert not missing, "run packaging/words.py"
