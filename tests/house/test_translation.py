"""Sentences can be extracted for translators: whole, literal, with named gaps."""

import ast
import io
import re
import string
from collections.abc import Iterator

from babel.messages.catalog import Message
from babel.messages.extract import extract_python
from babel.messages.pofile import read_po

from tests.house.sources import ROOT, called_name, calls, own_files, python_sources

LOCALE = ROOT / "resources" / "locale"
ARABIC = re.compile("[\u0600-\u06ff]")
LATIN_START = re.compile(
    r"[«“(]*(?:[A-Za-z]|\{(?:path|file|name|ref|host|model|level|folder|title)\})"
)
KEYWORDS: dict[str, tuple[int, ...] | None] = {"_": None, "N_": None, "ngettext": (1, 2)}


def sentences(call: ast.Call) -> Iterator[ast.expr]:
    """Return the arguments of a gettext call that are sentences."""
    if called_name(call) in KEYWORDS:
        yield from call.args[: 2 if called_name(call) == "ngettext" else 1]


def fault(sentence: ast.expr) -> str:
    """Return what is wrong with a sentence, "" if nothing is."""
    if isinstance(sentence, ast.JoinedStr | ast.BinOp | ast.Call):
        return "a sentence put together can't be looked up in a catalogue"
    if not isinstance(sentence, ast.Constant):
        return ""  # marked with N_ where it is declared
    if not isinstance(sentence.value, str):
        return "not a sentence"
    gaps = [gap for _, gap, _, _ in string.Formatter().parse(sentence.value) if gap is not None]
    if len(gaps) > 1 and not all(gap.isidentifier() for gap in gaps):
        return "give its gaps names: another language may need another order"
    return ""


def test_a_sentence_is_literal_and_its_gaps_have_names() -> None:
    found = [
        f"{source.place(call)}: {wrong}"
        for source in python_sources("core", "desktop")
        for call in calls(source)
        for sentence in sentences(call)
        if (wrong := fault(sentence))
    ]
    assert not found, "\n".join(found)


def test_babel_extracts_every_literal_sentence() -> None:
    extracted, written = 0, 0
    for source in python_sources("core", "desktop"):
        with (ROOT / source.name).open("rb") as file:
            extracted += sum(1 for _ in extract_python(file, KEYWORDS, (), {"encoding": "utf-8"}))
        written += sum(
            1
            for call in calls(source)
            if any(isinstance(sentence, ast.Constant) for sentence in sentences(call))
        )
    assert extracted >= written > 100


def test_the_extraction_knows_our_three_words() -> None:
    code = b"_('one')\nN_('two')\nngettext('{n} three', '{n} threes', n)\n"
    found = extract_python(io.BytesIO(code), KEYWORDS, (), {})
    assert [messages for _, _, messages, _ in found] == [
        "one",
        "two",
        ("{n} three", "{n} threes", None),
    ]


def test_no_catalogue_is_broken() -> None:
    names = [name for name in own_files() if name.endswith(".po")]
    assert names
    for name in names:
        with (ROOT / name).open("rb") as file:
            catalogue = read_po(file, abort_invalid=True)
        assert not [error for _, errors in catalogue.check() for error in errors]


def test_every_catalogue_has_every_sentence() -> None:
    with (LOCALE / "inglenook.pot").open("rb") as file:
        wanted = {str(message.id) for message in read_po(file) if message.id}
    catalogues = sorted(LOCALE.glob("*/LC_MESSAGES/inglenook.po"))
    assert catalogues
    for path in catalogues:
        with path.open("rb") as file:
            catalog = read_po(file, abort_invalid=True)
        translated = {
            str(message.id)
            for message in catalog
            if message.id and all(message.string or ("",)) and not message.fuzzy
        }
        missing = sorted(wanted - translated)
        assert not missing, f"{path.parts[-3]} lacks {missing[:20]}"


def test_an_arabic_sentence_that_begins_with_latin_words_runs_to_the_left() -> None:
    """Else Qt takes it for one that runs to the right: its parts stand in the wrong order."""
    with (LOCALE / "ar" / "LC_MESSAGES" / "inglenook.po").open("rb") as file:
        catalog = read_po(file, abort_invalid=True)
    found = [
        sentence
        for message in catalog
        if message.id
        for sentence in _strings(message)
        if LATIN_START.match(sentence) and ARABIC.search(sentence)
    ]
    assert len(catalog) > 100
    assert found == ["{title} (فرع)"], "a title that a person may change"


def test_a_path_in_an_arabic_sentence_keeps_its_slash_in_front() -> None:
    with (LOCALE / "ar" / "LC_MESSAGES" / "inglenook.po").open("rb") as file:
        messages = [message for message in read_po(file) if message.id]
    sentences = [text for message in messages for text in _strings(message)]
    with_path = [each for each in sentences if "{path}" in each and ARABIC.search(each)]
    assert len(with_path) > 10
    assert not [each for each in with_path if "\u200e{path}" not in each and "/{path}" not in each]


def _strings(message: Message) -> tuple[str, ...]:
    """Return a sentence, or its forms by number."""
    found = message.string or ()
    return (found,) if isinstance(found, str) else tuple(found)


def test_arabic_counts_from_eleven_on_take_the_accusative_and_hundreds_do_not() -> None:
    with (LOCALE / "ar" / "LC_MESSAGES" / "inglenook.po").open("rb") as file:
        counted = [each for each in read_po(file) if isinstance(each.id, tuple)]
    accusative = re.compile("\u064b\u0627(?!\\w)")
    assert len(counted) > 50
    assert any(accusative.search(_strings(each)[4]) for each in counted)
    swapped = [
        each.id[0]
        for each in counted
        if accusative.search(_strings(each)[5]) and not accusative.search(_strings(each)[4])
    ]
    assert not swapped


def test_german_speaks_to_a_person_in_one_way() -> None:
    informal = re.compile(
        r"\b(?:du|dir|dich|deine?[mnrs]?|erhöhe|wähle|nimm|gib|versuche es|prüfe)\b", re.IGNORECASE
    )
    with (LOCALE / "de" / "LC_MESSAGES" / "inglenook.po").open("rb") as file:
        found = [
            sentence
            for message in read_po(file)
            if message.id
            for sentence in _strings(message)
            if informal.search(re.sub("--root DIR|--tools DIR", "", sentence))
        ]
    assert found == ["Antworte in kurzen Sätzen. Du bist Gärtner."], "said to a model"


def test_german_has_one_plural_of_token() -> None:
    with (LOCALE / "de" / "LC_MESSAGES" / "inglenook.po").open("rb") as file:
        several = [
            (message, _strings(message)[-1])
            for message in read_po(file)
            if "tokens" in str(message.id).lower()
        ]
    assert len(several) > 50
    wrong = [
        message.id for message, text in several if not re.search("tokens", text, re.IGNORECASE)
    ]
    assert not wrong


def test_french_punctuation_stands_in_no_line_of_its_own() -> None:
    """A space before it that may be broken would let a line begin with “?” or “»”."""
    breaking = re.compile(r" [?!;:»](?!\S)|« ")
    with (LOCALE / "fr" / "LC_MESSAGES" / "inglenook.po").open("rb") as file:
        sentences = [text for each in read_po(file) if each.id for text in _strings(each)]
    assert len([text for text in sentences if "\u00a0:" in text or "\u202f?" in text]) > 100
    assert [text for text in sentences if breaking.search(text)] == []


def test_the_access_letters_of_a_menu_differ_in_every_language() -> None:
    wanted = {
        source.name: [text for call in calls(source) for text in _with_access_letter(call)]
        for source in python_sources("desktop")
    }
    menus = {name: texts for name, texts in wanted.items() if len(texts) > 1}
    assert len(menus) >= 3
    wrong = []
    for path in LOCALE.glob("*/LC_MESSAGES/inglenook.po"):
        with path.open("rb") as file:
            catalog = read_po(file)
        for name, texts in menus.items():
            shown = [_strings(found)[0] for text in texts if (found := catalog.get(text))]
            letters = [shown_text.partition("&")[2][:1].casefold() for shown_text in shown]
            if len(set(letters)) < len(texts):
                wrong.append((path.parts[-3], name, letters))
    assert not wrong


def _with_access_letter(call: ast.Call) -> Iterator[str]:
    for sentence in sentences(call):
        if isinstance(sentence, ast.Constant) and re.search(r"&\w", str(sentence.value)):
            yield str(sentence.value)
