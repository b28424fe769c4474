"""The door to gettext: the environment's language, a fallback, and the pseudo-language."""

import gettext
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo

from core.base import i18n


@pytest.fixture(autouse=True)
def _english_again() -> Iterator[None]:
    yield
    i18n.use_language("en")


def test_without_a_catalogue_sentences_stay_as_they_are() -> None:
    i18n.use_language("xx")
    assert i18n._("Models") == "Models"
    assert i18n.ngettext("{n} file", "{n} files", 1) == "{n} file"
    assert i18n.ngettext("{n} file", "{n} files", 0) == "{n} files"


def test_the_pseudo_language_brackets_every_sentence() -> None:
    i18n.use_language(i18n.PSEUDO)
    assert i18n._("Models") == "⟦Models⟧"
    assert i18n.ngettext("{n} file", "{n} files", 2) == "⟦{n} files⟧"


def test_the_environment_chooses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INGLENOOK_LANGUAGE", i18n.PSEUDO)
    i18n.use_language()
    assert i18n._("Models") == "⟦Models⟧"


def test_a_catalogue_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    catalog = Catalog(locale="de")
    catalog.add(("{n} file", "{n} files"), ("{n} Datei", "{n} Dateien"))
    catalog.add("Models", "Modelle")
    folder = tmp_path / "de" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    with (folder / f"{i18n.DOMAIN}.mo").open("wb") as file:
        write_mo(file, catalog)
    monkeypatch.setattr(i18n, "LOCALE_DIR", tmp_path)
    monkeypatch.setattr(gettext, "_translations", {})
    i18n.use_language("de")
    assert i18n._("Models") == "Modelle"
    assert i18n.ngettext("{n} file", "{n} files", 3) == "{n} Dateien"


def test_marking_changes_nothing() -> None:
    assert i18n.N_("Models") == "Models"
