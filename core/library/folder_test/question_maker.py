"""Question maker: draws passages of a folder and makes questions of them, the same for a seed."""

import random
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import cast

import apsw

from core.base.sentences import sentence_spans
from core.library.folder_test.question_forms import (
    FIGURE,
    HEADING,
    KINDS,
    MadeQuestion,
    ask_for_figure,
    ask_for_heading,
    ask_for_sentence,
    detect_language,
)
from core.library.search.search_scope import SearchScope

_TRIES_A_QUESTION = 6


@dataclass(frozen=True, slots=True)
class SourcePassage:
    """The passage that a question was made from."""

    id: int
    content_id: int
    section_id: int
    file: str
    page: int | None
    heading: str
    text: str


@dataclass(frozen=True, slots=True)
class FolderQuestion:
    """A question, and where its answer stands."""

    made: MadeQuestion
    source: SourcePassage


class QuestionMaker:
    """Makes questions of one folder's passages, its files in turn."""

    def __init__(self, connection: apsw.Connection, folder_id: str, seed: int) -> None:
        self._connection = connection
        self._scope = SearchScope((folder_id,))
        self._random = random.Random(seed)  # noqa: S311 - no secret: repeatable is what is wanted
        self._folder_id = folder_id
        self._headings: Counter[str] = Counter()

    def make_questions(self, count: int) -> Iterator[FolderQuestion | None]:
        """Yield up to `count` different questions; None where a passage gave none."""
        waiting = self._passages_by_content()
        made: set[str] = set()
        tries = 0
        while waiting and len(made) < count and tries < count * _TRIES_A_QUESTION:
            content = waiting.pop(0)
            passage_id = content.pop()
            if content:
                waiting.append(content)
            question = self._make(passage_id, KINDS[tries % len(KINDS)])
            tries += 1
            if question is None or question.made.text in made:
                yield None
                continue
            made.add(question.made.text)
            yield question

    def _passages_by_content(self) -> list[list[int]]:
        """Return passage ids of each text in the folder, both in an order drawn by the seed."""
        query, values = self._scope.content_query
        rows = self._connection.execute(
            f"SELECT content_id, id, heading FROM passage WHERE content_id IN ({query})"  # noqa: S608
            " ORDER BY id",
            values,
        )
        by_content: dict[int, list[int]] = defaultdict(list)
        headings: set[tuple[int, str]] = set()
        for content_id, passage_id, heading in rows:
            by_content[cast("int", content_id)].append(cast("int", passage_id))
            headings.add((cast("int", content_id), _last_title(cast("str", heading))))
        self._headings = Counter(title for _content, title in headings)
        contents = list(by_content.values())
        for passages in contents:
            self._random.shuffle(passages)
        self._random.shuffle(contents)
        return contents

    def _make(self, passage_id: int, kind: str) -> FolderQuestion | None:
        """Return a question of this kind, else of the next one that the passage gives."""
        source = self._passage(passage_id)
        if source is None:
            return None
        language = detect_language(source.text)
        first = KINDS.index(kind)
        for each in (*KINDS[first:], *KINDS[:first]):
            made = self._made(source, each, language)
            if made is not None:
                return FolderQuestion(made, source)
        return None

    def _made(self, source: SourcePassage, kind: str, language: str) -> MadeQuestion | None:
        if kind == HEADING:
            # A heading that stands in several files asks for nothing in particular.
            is_unique = self._headings[_last_title(source.heading)] == 1
            return ask_for_heading(source.heading, language) if is_unique else None
        ask = ask_for_figure if kind == FIGURE else ask_for_sentence
        spans = sentence_spans(source.text)
        # The first and the last may be cut off by the border of the passage.
        inner = spans[1:-1] or spans
        self._random.shuffle(inner)
        made = (ask(" ".join(source.text[start:end].split()), language) for start, end in inner)
        return next((each for each in made if each is not None), None)

    def _passage(self, passage_id: int) -> SourcePassage | None:
        row = self._connection.execute(
            "SELECT passage.content_id, section_id, file.name, page, heading,"
            " substr(text, start + 1, length) FROM passage"
            " JOIN section ON section.id = section_id"
            " JOIN file ON file.content_id = passage.content_id"
            " WHERE passage.id = ? AND folder_id = ? ORDER BY file.name LIMIT 1",
            (passage_id, self._folder_id),
        ).fetchone()
        if row is None:  # its file has gone meanwhile
            return None
        return SourcePassage(passage_id, *cast("tuple[int, int, str, int | None, str, str]", row))


def _last_title(heading: str) -> str:
    return heading.rpartition(" > ")[2]
