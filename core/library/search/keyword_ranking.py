"""Keyword ranking: informative words of a question, ranked by BM25 in FTS5."""

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import cast

import apsw

from core.library.search.search_scope import SearchScope
from core.library.text.combining_marks import WORD_PATTERN
from core.library.text.script_tokens import needs_tokenizing, tokenize_question

_LETTERS_OR_DIGITS = re.compile(r"[^\W\d_]+|\d+")
_SPARE = 2
"""Of rows that no file refers to any more, and which are about to go, so many may lead."""
_K1, _LEAST_IDF = 1.2, 1e-6
"""What BM25 in FTS5 is built with."""
_MAX_WORDS = 200
_MOST_JOINED = 3
_SHORTEST_PART = 3
STOP_WORDS = frozenset(
    """
    a about above after again all also am an and any are as at be because been before being below
    between both but by can could did do does doing down during each few for from further had has
    get gets have having he her here hers him his how i if in into is it its itself just many me
    more most much my no nor not now of off on once only or other our ours out over own please
    same she should so some such tell than that the their theirs them then there these they this
    those through to too under until up us very was we were what when where which while who whom
    why will with would you your yours der die das den dem des ein eine einer eines einem einen
    und oder aber ist sind war waren wird werden wie was wer wo wann warum ich du er sie es wir
    ihr mein meine meiner dein sein für von vom zu zum zur mit auf aus bei nach über unter im als
    auch nicht kein keine hat habe le la les un une de du et ou est sont que qui quoi dans pour
    par sur avec ce cette il elle nous vous je tu mon ma mes son sa ses el los las una unos unas y
    o en con del al se su sus mi mis como cuando donde
    """.split()  # noqa: SIM905 - one word a line is no list to read
)
TITLE_WEIGHT = 2.0
MAX_SCORED_PASSAGES = 5_000
"""Passages that are scored for one question at most. On 20,000 passages of made-up text it took a
third of the time of all words, and 98 % of the first 20 were the same."""
MAX_MATCHED_ROWS = 40_000
"""Rows of the word index that are read for it at most."""


def informative_words(question: str) -> list[str]:
    """Return the words that can tell passages apart, in order; all words if none can."""
    words = [word.lower() for word in WORD_PATTERN.findall(tokenize_question(question))][
        :_MAX_WORDS
    ]
    return [word for word in words if word not in STOP_WORDS] or words


def spelling_variants(question: str) -> list[str]:
    """Return how else its words may be written: neighbours as one, letters apart from digits.

    A question says "American Express in FY2022" where the file is AMERICANEXPRESS_2022.pdf.
    """
    words = [word.lower() for word in WORD_PATTERN.findall(tokenize_question(question))][
        :_MAX_WORDS
    ]
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


@dataclass(frozen=True, slots=True)
class KeywordQuery:
    """An FTS5 expression, "" without words, and the BM25 that no row can quite reach with it."""

    expression: str
    most: float


class WordStatistics:
    """How many passages hold a word, remembered until the library changes."""

    def __init__(self, connection: apsw.Connection) -> None:
        self._connection = connection
        self._seen = -1  # changes made when the counts were taken
        self._counts: dict[tuple[str, str], int] = {}
        self._rows: dict[str, int] = {}

    @property
    def passage_count(self) -> int:
        """How many passages there are."""
        return self._all("passage")

    def document_frequency(self, word: str, grain: str = "passage") -> int:
        """Return how many passages hold `word`, or sections."""
        self._refresh()
        if (word, grain) not in self._counts:
            statement = f"SELECT count(*) FROM {grain}_words WHERE {grain}_words MATCH ?"  # noqa: S608
            self._counts[word, grain] = self._count(statement, f'"{word}"')
        return self._counts[word, grain]

    def keyword_query(self, question: str, grain: str = "passage") -> KeywordQuery:
        """Return what ranks passages, or sections, in bounded time.

        The rarest words say which passages are looked at, those that come next only count there,
        and the most common ones, which hardly tell passages apart, are left out: by how many
        passages hold them, so that small libraries are ranked by every word that tells.
        """
        asked = informative_words(question) + spelling_variants(question)
        words = self._telling([word for word in asked if self.document_frequency(word)], grain)
        leading = self._rarest(words, MAX_SCORED_PASSAGES)
        known = self._rarest(words, MAX_MATCHED_ROWS)
        first = [word for word in words if word in leading]
        rest = [word for word in words if word in known - leading]
        led = or_expression(first)
        if not rest:
            return KeywordQuery(led, self._most(first, grain))
        # All words count twice then: FTS5 sees the leading ones in both places.
        both = f"({led}) AND ({led} OR {or_expression(rest + rest)})"
        return KeywordQuery(both, 2 * self._most(first + rest, grain))

    def _most(self, words: Iterable[str], grain: str) -> float:
        rows = self._all(grain)
        return sum(
            (_K1 + 1) * max(_LEAST_IDF, math.log((rows - held + 0.5) / (held + 0.5)))
            for held in (self.document_frequency(word, grain) for word in words)
        )

    def _telling(self, words: Sequence[str], grain: str) -> Sequence[str]:
        """Return the words that BM25 gives a weight, which most rows don't hold; all if none."""
        most = self._all(grain) / 2
        return [word for word in words if self.document_frequency(word, grain) < most] or words

    def _rarest(self, words: Sequence[str], most: int) -> set[str]:
        """Return the rarest words that at most `most` passages hold together; at least one."""
        kept: set[str] = set()
        for word in sorted(dict.fromkeys(words), key=self.document_frequency):
            most -= self.document_frequency(word)
            if kept and most < 0:
                break
            kept.add(word)
        return kept

    def _refresh(self) -> None:
        # One connection writes, so its own count of changes tells whether there is anything new.
        now = self._connection.total_changes()
        if now == self._seen:
            return
        self._seen = now
        self._counts.clear()
        self._rows.clear()

    def _all(self, grain: str) -> int:
        self._refresh()
        if grain not in self._rows:
            self._rows[grain] = self._count(f"SELECT count(*) FROM {grain}")  # noqa: S608
        return self._rows[grain]

    def _count(self, statement: str, *values: str) -> int:
        return cast("tuple[int]", self._connection.execute(statement, values).fetchone())[0]


class KeywordRanking:
    """The keyword ranking of one library."""

    def __init__(self, connection: apsw.Connection) -> None:
        self._connection = connection
        self._words = WordStatistics(connection)

    def keyword_scores(self, question: str, scope: SearchScope, count: int) -> dict[int, float]:
        """Return passages of the scope and their keyword scores, best first, from 0 to 1.

        A passage's score is its own BM25 and that of its section together: the words of a question
        are often spread over neighbouring passages. 1 is what all words together could bring.
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
        most = inner.most + outer.most
        scores = {
            id_: (score + sections.get(section_id, (0.0, 0))[0]) / most
            for id_, (score, section_id) in passages.items()
        }
        return dict(sorted(scores.items(), key=lambda item: -item[1]))

    def _best(
        self, grain: str, expression: str, scope: SearchScope, count: int
    ) -> dict[int, tuple[float, int]]:
        """Return (BM25, section id) of the best rows of one grain, "passage" or "section"."""
        section = "section_id" if grain == "passage" else "id"
        contents, values = scope.content_query
        words = (
            f"SELECT rowid AS id, -rank AS score FROM {grain}_words"  # noqa: S608 - no value in it
            f" WHERE {grain}_words MATCH ? AND rank MATCH 'bm25({TITLE_WEIGHT}, 1.0)'"
        )
        most: tuple[int, ...] = ()
        if scope.is_whole_library(self._connection):
            # Where nothing is left out, only the best rows are looked up: that is most of the time.
            words += " ORDER BY rank LIMIT ?"
            most = (count * _SPARE,)
        rows = self._connection.execute(
            f"SELECT {grain}.id, score, {grain}.{section} FROM ({words})"  # noqa: S608 - see above
            f" JOIN {grain} USING (id) WHERE content_id IN ({contents})"
            " ORDER BY score DESC LIMIT ?",
            (expression, *most, *values, count),
        )
        found: dict[int, tuple[float, int]] = {}
        for id_, score, section_id in rows:
            found[cast("int", id_)] = cast("float", score), cast("int", section_id)
        return found


def or_expression(words: Sequence[str]) -> str:
    """Return the OR of words, "" for none. One said twice counts twice: it is what is meant."""
    return " OR ".join(f'"{word}"' for word in words)
