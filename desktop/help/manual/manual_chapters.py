"""Manual chapters: Markdown files of resources/help, cut into sections that can be searched."""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from core.base.i18n import SOURCE, current_language
from core.base.paths import resources_folder

_FENCE = "```"
_TATWEEL = "\u0640"  # lengthens Arabic words and means nothing


@dataclass(frozen=True, slots=True)
class Section:
    """A heading of a chapter and what stands under it, up to the next one.

    `number` counts the headings of the chapter from 0, which is its title.
    """

    chapter: str
    number: int
    heading: str
    text: str


@dataclass(frozen=True, slots=True)
class Chapter:
    """One file: its name without the ending, its Markdown, and its sections in order."""

    name: str
    text: str
    sections: tuple[Section, ...]

    @property
    def title(self) -> str:
        """Its first heading."""
        return self.sections[0].heading if self.sections else self.name


def manual_chapters() -> tuple[Chapter, ...]:
    """Return the chapters in order, in the current language; what it lacks is in English."""
    return _chapters(current_language().partition("_")[0], resources_folder() / "help")


@cache
def _chapters(language: str, folder: Path) -> tuple[Chapter, ...]:
    files = {path.stem: path for path in sorted((folder / SOURCE).glob("*.md"))}
    files |= {path.stem: path for path in (folder / language).glob("*.md") if path.stem in files}
    return tuple(_read_chapter(path) for path in files.values())


def _read_chapter(path: Path) -> Chapter:
    text = path.read_text("utf-8")
    return Chapter(path.stem, text, tuple(_sections(path.stem, text.splitlines())))


def _sections(chapter: str, lines: Sequence[str]) -> Iterator[Section]:
    heading, under, number, in_code = "", list[str](), 0, False
    for line in (*lines, "# "):
        in_code ^= line.startswith(_FENCE)
        if in_code or not line.startswith("#"):
            under.append(line)
            continue
        if heading:
            yield Section(chapter, number, heading, "\n".join(under).strip())
            number += 1
        heading, under = line.lstrip("#").replace("`", "").strip(), []


def search_sections(chapters: Sequence[Chapter], query: str) -> tuple[Section, ...]:
    """Return the sections that hold every word of `query`, those with words in headings first.

    Case, accents and the vowel signs of Arabic may be left out.
    """
    words = folded_words(query)
    if not words:
        return ()
    found = [
        section
        for chapter in chapters
        for section in chapter.sections
        if all(word in _folded(f"{section.heading}\n{section.text}") for word in words)
    ]
    return tuple(sorted(found, key=lambda section: -_words_in_heading(section, words)))


def folded_words(query: str) -> tuple[str, ...]:
    """Return the words of a query without case, accents and vowel signs."""
    return tuple(dict.fromkeys(_folded(query).split()))


def word_spans(text: str, words: Sequence[str]) -> tuple[tuple[int, int], ...]:
    """Return where `words`, folded ones, stand in `text`: beginnings and ends."""
    signs = [(sign, place) for place, letter in enumerate(text) for sign in _folded(letter)]
    folded = "".join(sign for sign, _place in signs)
    places = [place for _sign, place in signs]
    found: list[tuple[int, int]] = []
    for word in words:
        start = folded.find(word)
        while start >= 0:
            found.append((places[start], places[start + len(word) - 1] + 1))
            start = folded.find(word, start + len(word))
    return tuple(found)


@cache
def _folded(text: str) -> str:
    spread = unicodedata.normalize("NFKD", text.casefold())
    return "".join(
        sign for sign in spread if unicodedata.category(sign) != "Mn" and sign != _TATWEEL
    )


def _words_in_heading(section: Section, words: Sequence[str]) -> int:
    return sum(word in _folded(section.heading) for word in words)
