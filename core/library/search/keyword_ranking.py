"""Keyword ranking: informative words of a question, ranked by BM25 in FTS5."""

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import cast

import apsw

from core.library.search.search_scope import SearchScope
from core.library.search.tie_order import PLACE, order_ties
from core.library.text.combining_marks import WORD_PATTERN
from core.library.text.script_tokens import needs_tokenizing, tokenize_question
from core.library.text.stop_words import STOP_WORDS

_LETTERS_OR_DIGITS = re.compile(r"[^\W\d_]+|\d+")
_SPARE = 2
"""Factor of rows looked up: some of the best may belong to no file any more, or score the same."""
_K1, _LEAST_IDF = 1.2, 1e-6
"""Constants of BM25 in FTS5."""
_MAX_WORDS = 200
_MOST_JOINED = 3
_SHORTEST_PART = 3
TITLE_WEIGHT = 2.0
MAX_SCORED_PASSAGES = 5_000
"""Passages that are scored for one question at most. On 20,000 passages of made-up text that took a
third of the time of scoring all, and 98 % of the first 20 were the same."""
MAX_MATCHED_ROWS = 40_000
"""Rows of the word index that are read for it at most."""

_Row = tuple[int, float, int]
"""Id, score and section id."""


def informative_words(question: str) -> list[str]:
    """Return the words of a question without stop words, in order; all words if none is left."""
    words = _question_words(question)
    return [word for word in words if word not in STOP_WORDS] or words


def spelling_variants(question: str) -> list[str]:
    """Return other spellings of its words: neighbours as one, letters apart from digits.

    A question says "American Express in FY2022" where the file is AMERICANEXPRESS_2022.pdf.
    """
    words = _question_words(question)
    found: dict[str, None] = {}
    for word in words:
        parts = _LETTERS_OR_DIGITS.findall(word)
        if 1 < len(parts) <= _MOST_JOINED:
            found.update(dict.fromkeys(part for part in parts if len(part) >= _SHORTEST_PART))
    for count in range(2, _MOST_JOINED + 1):
        for at in range(len(words) - count + 1):
            some = words[at : at + count]
            if not any(word in STOP_WORDS or needs_tokenizing(word) for word in some):
                found["".join(some)] = None
    return [word for word in found if word not in STOP_WORDS and word not in words]


def _question_words(question: str) -> list[str]:
    return [word.lower() for word in WORD_PATTERN.findall(tokenize_question(question))][:_MAX_WORDS]


@dataclass(frozen=True, slots=True)
class KeywordQuery:
    """An FTS5 expression, "" without words, and an upper bound of the BM25 scores with it."""

    expression: str
    score_bound: float


class WordStatistics:
    """Numbers of passages with a word, cached until the library changes."""

    def __init__(self, connection: apsw.Connection) -> None:
        self._connection = connection
        self._changes_seen = -1  # changes made when the counts were taken
        self._counts: dict[tuple[str, str], int] = {}
        self._rows: dict[str, int] = {}

    @property
    def passage_count(self) -> int:
        """Number of passages."""
        return self._row_count("passage")

    def document_frequency(self, word: str, table: str = "passage") -> int:
        """Return the number of rows with `word` in a table, "passage" or "section"."""
        self._refresh()
        if (word, table) not in self._counts:
            statement = f"SELECT count(*) FROM {table}_words WHERE {table}_words MATCH ?"  # noqa: S608
            self._counts[word, table] = self._count(statement, f'"{word}"')
        return self._counts[word, table]

    def keyword_query(self, question: str, table: str = "passage") -> KeywordQuery:
        """Return the query that ranks the rows of a table, "passage" or "section", in bounded time.

        The rarest words select the rows, the next ones only count in their scores, and the most
        common ones, which make little difference, are left out: by the number of passages with
        them, so that small libraries are ranked by all words.
        """
        query_words = informative_words(question) + spelling_variants(question)
        words = self._weighted_words(
            [word for word in query_words if self.document_frequency(word)], table
        )
        selecting = self._rarest(words, MAX_SCORED_PASSAGES)
        counted = self._rarest(words, MAX_MATCHED_ROWS)
        first = [word for word in words if word in selecting]
        rest = [word for word in words if word in counted - selecting]
        led = or_expression(first)
        if not rest:
            return KeywordQuery(led, self._upper_bound(first, table))
        # All words count twice then: the selecting ones stand in both places.
        both = f"({led}) AND ({led} OR {or_expression(rest + rest)})"
        return KeywordQuery(both, 2 * self._upper_bound(first + rest, table))

    def _upper_bound(self, words: Iterable[str], table: str) -> float:
        rows = self._row_count(table)
        return sum(
            (_K1 + 1) * max(_LEAST_IDF, math.log((rows - held + 0.5) / (held + 0.5)))
            for held in (self.document_frequency(word, table) for word in words)
        )

    def _weighted_words(self, words: Sequence[str], table: str) -> Sequence[str]:
        """Return the words with a weight in BM25, which less than half the rows have; else all."""
        most = self._row_count(table) / 2
        return [word for word in words if self.document_frequency(word, table) < most] or words

    def _rarest(self, words: Sequence[str], most: int) -> set[str]:
        """Return the rarest words with at most `most` passages together; at least one word."""
        kept: set[str] = set()
        for word in sorted(dict.fromkeys(words), key=self.document_frequency):
            most -= self.document_frequency(word)
            if kept and most < 0:
                break
            kept.add(word)
        return kept

    def _refresh(self) -> None:
        # One connection writes, so its count of changes shows whether there is anything new.
        now = self._connection.total_changes()
        if now == self._changes_seen:
            return
        self._changes_seen = now
        self._counts.clear()
        self._rows.clear()

    def _row_count(self, table: str) -> int:
        self._refresh()
        if table not in self._rows:
            self._rows[table] = self._count(f"SELECT count(*) FROM {table}")  # noqa: S608
        return self._rows[table]

    def _count(self, statement: str, *values: str) -> int:
        return cast("tuple[int]", self._connection.execute(statement, values).fetchone())[0]


class KeywordRanking:
    """Keyword ranking of one library."""

    def __init__(self, connection: apsw.Connection) -> None:
        self._connection = connection
        self._words = WordStatistics(connection)

    def keyword_scores(self, question: str, scope: SearchScope, count: int) -> dict[int, float]:
        """Return passages of the scope with their keyword scores, 0 to 1, best first.

        A score is the BM25 of the passage plus that of its section, divided by the highest that is
        possible: the words of a question are often spread over neighbouring passages.
        """
        inner, outer = (
            self._words.keyword_query(question),
            self._words.keyword_query(question, "section"),
        )
        if not inner.expression:
            return {}
        sections = self._best("section", outer.expression, scope, count)
        narrowed = " AND ".join([f"({inner.expression})", *scope.phrases])
        passages = self._best("passage", narrowed, scope, count)
        bound = inner.score_bound + outer.score_bound
        scores = {
            id_: (score + sections.get(section_id, (0.0, 0))[0]) / bound
            for id_, (score, section_id) in passages.items()
        }
        return order_ties(self._connection, scores)

    def _best(
        self, table: str, expression: str, scope: SearchScope, count: int
    ) -> dict[int, tuple[float, int]]:
        """Return (BM25, section id) of the best rows of a table, "passage" or "section".

        Rows that score as much as the last one come, too: which of them FTS5 names first depends on
        the order of reading. Where those are many, passages are taken by their places, which takes
        the time of another search, and of sections none, as they only add to their passages.
        """
        rows = self._best_rows(table, expression, scope, count * _SPARE)
        if len(rows) > count:
            last = rows[count - 1][1]
            if rows[-1][1] < last:
                rows = [row for row in rows if row[1] >= last]
            elif table == "section":
                rows = [row for row in rows if row[1] > last]
            else:
                rows = self._best_rows(table, expression, scope, count, by_place=True)
        return {id_: (score, section_id) for id_, score, section_id in rows}

    def _best_rows(
        self,
        table: str,
        expression: str,
        scope: SearchScope,
        count: int,
        *,
        by_place: bool = False,
    ) -> list[_Row]:
        """Return up to `count` of the best rows, equal ones `by_place` or in any order."""
        section = "section_id" if table == "passage" else "id"
        contents, values = scope.content_query
        words = (
            f"SELECT rowid AS id, -rank AS score FROM {table}_words"  # noqa: S608 - no value in it
            f" WHERE {table}_words MATCH ? AND rank MATCH 'bm25({TITLE_WEIGHT}, 1.0)'"
        )
        most: tuple[int, ...] = ()
        if not by_place and scope.is_whole_library(self._connection):
            # If no file is left out, only the best rows are looked up: that saves most of the time.
            words += " ORDER BY rank LIMIT ?"
            most = (count,)
        joined, order = "", ""
        if by_place:
            joined = "JOIN content ON content.id = content_id"
            order = f", {PLACE.format(table=table)}"
        rows = self._connection.execute(
            f"SELECT {table}.id, score, {table}.{section} FROM ({words}) AS found"  # noqa: S608 - see above
            f" JOIN {table} ON {table}.id = found.id {joined} WHERE content_id IN ({contents})"
            f" ORDER BY score DESC{order} LIMIT ?",
            (expression, *most, *values, count),
        )
        return cast("list[_Row]", rows.fetchall())


def or_expression(words: Sequence[str]) -> str:
    """Return the OR of words, "" for none; a word that stands twice counts twice."""
    return " OR ".join(f'"{word}"' for word in words)
