"""Read passages: a source as the sentences and rows that statements are compared with."""

from collections.abc import Mapping
from dataclasses import dataclass

from core.base.text_language import is_other_language
from core.chat.citations.answer_sentences import source_spans
from core.chat.citations.number_normalization import is_number
from core.chat.citations.sentence_features import SentenceFeatures, passage_features
from core.chat.citations.tables.stated_values import StatedValue, stated_values
from core.chat.citations.tables.table_rows import TableRow, table_rows
from core.chat.conversations.conversation import Source

LANGUAGE_CHARACTERS = 1500
"""Of a source whose language is looked at."""
_QUOTED_WORDS, _MARKS = 4, " .!?*_\"'“”„«»"
MIN_LABEL_DIGITS = 4
"""Shorter numbers in a file's name or heading are its number ("2.1 Rent"), no support."""


@dataclass(frozen=True, slots=True)
class ReadPassage:
    """A source's sentences and their spans, words of its name and heading, rows by their start.

    `said` are the sentences as they are read: a row with the heads of its columns.
    """

    name: str
    text: str
    said: tuple[str, ...]
    sentences: tuple[SentenceFeatures, ...]
    spans: tuple[tuple[int, int], ...]
    label: frozenset[str]
    words: frozenset[str]
    rows: Mapping[int, TableRow]
    values: tuple[StatedValue, ...]

    def is_foreign_to(self, text: str, question: str) -> bool:
        """Return whether it is in another language than a text that answers a question.

        Words that stand in it as they are, such as a title, are none of another language.
        """
        quoted = text.strip(_MARKS).casefold()
        if len(quoted.split()) >= _QUOTED_WORDS and quoted in self.text.casefold():
            return False
        return is_other_language(text, question, self.text[:LANGUAGE_CHARACTERS])


def read_passage(source: Source) -> ReadPassage:
    """Return a source as sentences and rows with their words."""
    text = source.text
    spans = tuple(source_spans(text)) or ((0, len(text)),)
    rows = {row.start: row for row in table_rows(text)}
    said = tuple(rows[start].headed if start in rows else text[start:end] for start, end in spans)
    read = tuple(map(passage_features, said))
    name = f"{source.file} {source.heading}"
    content = (
        w for w in passage_features(name).words if not is_number(w) or len(w) >= MIN_LABEL_DIGITS
    )
    label = frozenset(content)
    words = label.union(*(place.words for place in read))
    values = tuple(stated_values(text, list(rows.values())))
    return ReadPassage(name, text, said, read, spans, label, words, rows, values)
