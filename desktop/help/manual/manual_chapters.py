"""Manual chapters: Markdown files of resources/help, cut into sections that can be searched."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from core.base.i18n import SOURCE, current_language
from core.base.paths import resources_folder

_FENCE = "```"


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
        heading, under = line.lstrip("#").strip(), []


def search_sections(chapters: Sequence[Chapter], query: str) -> tuple[Section, ...]:
    """Return the sections that hold every word of `query`, those with words in headings first."""
    words = query.casefold().split()
    if not words:
        return ()
    found = [
        section
        for chapter in chapters
        for section in chapter.sections
        if all(word in f"{section.heading}\n{section.text}".casefold() for word in words)
    ]
    return tuple(sorted(found, key=lambda section: -_words_in_heading(section, words)))


def _words_in_heading(section: Section, words: Sequence[str]) -> int:
    return sum(word in section.heading.casefold() for word in words)
