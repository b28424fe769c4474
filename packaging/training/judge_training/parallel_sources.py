"""Parallel sources: texts and their translations, read from clones as runs of aligned sentences.

A row holds a run of sentences of one document in two languages, and which of them is the statement.
"""

import html
import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from random import Random

from core.base.sentences import sentence_spans
from judge_training.clones import Clone
from judge_training.source_rows import Row

DENSE = {"zh": 0.35, "ja": 0.4, "ko": 0.5, "th": 0.7}
"""Characters of a language for one of English, about."""
_AROUND = 5
_SHORTEST, _LONGEST = 30, 300
_ENGLISH_SHARE, _TO_ENGLISH_SHARE = 0.8, 0.65
"""Share of rows of which one side is English; of those, that of English evidence."""
_ENTRY = re.compile(r'msgid ((?:"(?:[^"\\]|\\.)*"\s*)+)msgstr ((?:"(?:[^"\\]|\\.)*"\s*)+)')
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"')
_PLACE = re.compile(r"#: \S*?([\w.-]+):(\d+)")
_ESCAPED = re.compile(r"\\(.)")
_TAG, _SPACES = re.compile(r"<[^>]+>"), re.compile(r"\s+")
_ROLE = re.compile(r":[\w:+-]+:`~?!?([^`<]+?)(?:\s*<[^`>]*>)?`")
_LINK = re.compile(r"`([^`<]+?)(?:\s*<[^`>]*>)?`_{0,2}")
_EMPHASIS = re.compile(r"\*{1,2}([^*\s][^*]*)\*{1,2}")
_UNIT = re.compile(r'<tu tuid="([^":]+):(\d+)">(.*?)</tu>', re.DOTALL)
_SIDE = re.compile(r'<tuv xml:lang="([^"]+)">\s*<seg>(.*?)</seg>', re.DOTALL)
_GNOME = "de fr es pt_BR it nl pl cs sv ru uk zh_CN ja ko hu tr el fi da ro id vi hi th fa he"
_TICO = "ar es-LA fr pt-BR ru zh hi id fa bn sw ur ta tl ms"

Texts = dict[str, str]
"""What one paragraph says, by language."""
Documents = dict[str, dict[int, Texts]]
"""Paragraphs by their place, of each document."""


def gnome_help(clone: Clone) -> Iterator[Row]:
    """Read the pages of GNOME's help for people who use it."""
    documents: Documents = defaultdict(lambda: defaultdict(dict))
    for name in _GNOME.split():
        text = clone.text(f"gnome-help/{name}/{name}.po")
        for page, line, said, translated in _entries(text):
            _add(documents[page][line], name[:2], _TAG.sub("", said), _TAG.sub("", translated))
    yield from parallel_rows(documents, 9000, 61)


def python_docs(folder: str, language: str) -> Callable[[Clone], Iterator[Row]]:
    """Return a reader of the prose of Python's documentation in one translation."""

    def read(clone: Clone) -> Iterator[Row]:
        documents: Documents = defaultdict(lambda: defaultdict(dict))
        for path in clone.names(folder, ".po"):
            for page, line, said, translated in _entries(clone.text(path)):
                _add(documents[page][line], language, _plain(said), _plain(translated))
        yield from parallel_rows(documents, 900, 62)

    return read


def tico(clone: Clone) -> Iterator[Row]:
    """Read TICO-19: encyclopaedia, news, travel and medicine; not its spoken phrases."""
    documents: Documents = defaultdict(lambda: defaultdict(dict))
    for name in _TICO.split():
        text = clone.zipped_text(f"data/TM/all.en-{name}.tmx.zip")
        for document, place, unit in _UNIT.findall(text):
            sides = [html.unescape(words) for _language, words in _SIDE.findall(unit)]
            if len(sides) == 2 and not document.startswith("CMU"):
                _add(documents[document][int(place)], name[:2], *sides)
    yield from parallel_rows(documents, 8000, 63)


def parallel_rows(documents: Documents, most: int, seed: int) -> Iterator[Row]:
    """Yield rows of sentences drawn from all documents, in languages drawn for each."""
    rng = Random(seed)  # noqa: S311 - no secret is made of it
    languages = sorted({name for each in documents.values() for t in each.values() for name in t})
    others = [name for name in languages if name != "en"]
    names = sorted(documents)
    sizes = [len(documents[name]) for name in names]
    made, tried = 0, 0
    while made < most and tried < 20 * most:
        tried += 1
        document = rng.choices(names, sizes)[0]
        first = rng.choice(others)
        second = "en"
        if rng.random() > _ENGLISH_SHARE and len(others) > 1:
            second = rng.choice([name for name in others if name != first])
        elif rng.random() > _TO_ENGLISH_SHARE:
            first, second = second, first
        if row := _row(document, documents[document], first, second, rng):
            made += 1
            yield row


def _row(
    document: str, paragraphs: dict[int, Texts], first: str, second: str, rng: Random
) -> Row | None:
    """Return a run of sentences around one that can be a statement, None if there is none."""
    places = [n for n in sorted(paragraphs) if {first, second} <= paragraphs[n].keys()]
    if len(places) < 3:
        return None
    middle = rng.randrange(len(places))
    pairs: list[tuple[str, str]] = []
    chosen = range(0)
    for n in range(max(0, middle - 3), min(len(places), middle + 4)):
        found = _aligned(paragraphs[places[n]][first], paragraphs[places[n]][second])
        if n == middle:
            chosen = range(len(pairs), len(pairs) + len(found))
        pairs += found
    least, most = (size * DENSE.get(first, 1.0) for size in (_SHORTEST, _LONGEST))
    usable = [n for n in chosen if least <= len(pairs[n][0]) <= most]
    if not usable or len(pairs) < 3:
        return None
    place = rng.choice(usable)
    start = max(0, place - _AROUND)
    run = pairs[start : place + _AROUND + 1]
    return {
        "kind": "parallel",
        "lang": first,
        "evidence_lang": second,
        "group": document,
        "statements": [one for one, _other in run],
        "evidence": [other for _one, other in run],
        "place": place - start,
    }


def _aligned(first: str, second: str) -> list[tuple[str, str]]:
    """Return two paragraphs sentence by sentence, as a whole if they have not as many."""
    one, other = (
        [text[slice(*span)] for span in sentence_spans(text)] or [text] for text in (first, second)
    )
    return list(zip(one, other, strict=True)) if len(one) == len(other) else [(first, second)]


def _add(texts: Texts, language: str, english: str, translated: str) -> None:
    """Keep a paragraph and its translation, if both are prose of the same length or so."""
    said, other = (_SPACES.sub(" ", html.unescape(text)).strip() for text in (english, translated))
    length = len(other) / DENSE.get(language, 1.0)
    is_prose = len(said) >= 20 and said.count(" ") >= 3 and said[-1] in ".!?:"
    if is_prose and said != other and 0.45 < length / len(said) < 2.2:
        texts["en"], texts[language] = said, other


def _entries(text: str) -> Iterator[tuple[str, int, str, str]]:
    """Yield (document, line, text, translation) of a .po file, without doubtful ones."""
    for entry in re.split(r"\n\s*\n", text):
        place, found = _PLACE.search(entry), _ENTRY.search(entry)
        if place and found and "#, fuzzy" not in entry and "fuzzy\n" not in entry:
            said, translated = (_unquoted(found[group]) for group in (1, 2))
            if said and translated:
                yield place[1], int(place[2]), said, translated


def _unquoted(text: str) -> str:
    joined = "".join(_QUOTED.findall(text))
    return _ESCAPED.sub(lambda found: " " if found[1] in "nt" else found[1], joined)


def _plain(text: str) -> str:
    """Return a paragraph of reStructuredText without its marks."""
    text = _ROLE.sub(r"\1", text).replace("``", "")
    return _EMPHASIS.sub(r"\1", _LINK.sub(r"\1", text)).replace("::", ":")


PARALLEL_SOURCES: dict[str, Callable[[Clone], Iterator[Row]]] = {
    "gnome-help-abroad": gnome_help,
    "python-es-abroad": python_docs("tutorial", "es"),
    "python-tr-abroad": python_docs("tutorial", "tr"),
    "tico-abroad": tico,
}
"""How each source is read, by the name of its file of rows."""
