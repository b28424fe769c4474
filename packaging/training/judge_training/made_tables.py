"""Made tables: rows and columns as text, in the ways that readers of files leave them.

Of each table come questions about a cell, an empty cell, a row or a column that isn't there, and
statements with the right cell, that of another row, and that of another column.
"""

from collections.abc import Iterator, Mapping
from random import Random
from typing import NamedTuple

from judge_training import made_phrases as phrases
from judge_training.made_papers import (
    Paper,
    Row,
    abroad,
    paper_language,
    question_row,
    statement_row,
)
from judge_training.made_texts import Kind, MadeTexts, Thing
from judge_training.made_values import Value, make_value

_EMPTY = ("", "-", "–", "?")
_BETWEEN = {"pipes": " | ", "tabs": "\t", "flat": " "}
_ASKED_ABROAD, _SAID_ABROAD = 0.3, 0.2
"""Shares of questions and statements in another language than the table's."""


class Table(NamedTuple):
    """Cells by row and column, None for an empty one; a row is its name in each language.

    `absent` are rows and columns of the kind that it hasn't.
    """

    paper: Paper
    rows: list[Mapping[str, str]]
    columns: list[Thing]
    cells: dict[tuple[int, int], Value | None]
    absent: tuple[list[Mapping[str, str]], list[Thing]]


class TableMaker:
    """Makes tables and their rows; the same for the same `rng`."""

    def __init__(self, rng: Random, texts: MadeTexts) -> None:
        self._rng = rng
        self._texts = texts

    def rows(self, kind: Kind, number: int) -> Iterator[Row]:
        """Yield questions and statements of one new table of the kind."""
        table = self._make(kind, number)
        paper, rng = table.paper, self._rng
        for place in rng.sample(sorted(table.cells), min(4, len(table.cells))):
            row, column = table.rows[place[0]], table.columns[place[1]]
            value = table.cells[place]
            language = abroad(paper.language, _ASKED_ABROAD, self._texts, rng)
            question = self._asked(row, column, language)
            written = value.written if value else ""
            yield question_row(paper.group, paper.language, question, paper.text, written)
            if value is None:
                made = make_value(column.value_type, paper.language, rng)
                yield self._claim(table, row, column, made, "unsupported")
                continue
            yield self._claim(table, row, column, value, "supported")
            if wrong := self._other_cell(table, place):
                yield self._claim(table, row, column, wrong, "contradicted")
        yield from self._about_absent(table)

    def _make(self, kind: Kind, number: int) -> Table:
        rng = self._rng
        language = paper_language(self._texts, rng)
        names = self._row_names(kind, language)
        columns = rng.sample(kind.columns, len(kind.columns))
        size, width = rng.randrange(2, 7), rng.randrange(2, len(columns) + 1)
        rows, shown = names[:size], columns[:width]
        cells: dict[tuple[int, int], Value | None] = {}
        for place in ((row, column) for row in range(size) for column in range(width)):
            value = make_value(shown[place[1]].value_type, language, rng)
            known = {cell.written for cell in cells.values() if cell}
            is_empty = rng.random() < 0.06 or value.written in known
            cells[place] = None if is_empty else value
        text = self._written(kind, language, rows, shown, cells)
        paper = Paper(kind.name, f"{kind.name}:{number}", language, text, [], [], [], None)
        return Table(paper, rows, shown, cells, (names[size:], columns[width:]))

    def _row_names(self, kind: Kind, language: str) -> list[Mapping[str, str]]:
        rng = self._rng
        if kind.rows[language][0] == "@person":
            people = [make_value("person", language, rng) for _n in range(9)]
            known = {each.written: {**each.abroad, language: each.written} for each in people}
            return list(known.values())
        languages = tuple(kind.rows)
        rows = [
            dict(zip(languages, row, strict=True)) for row in zip(*kind.rows.values(), strict=True)
        ]
        return rng.sample(rows, len(rows))

    def _written(
        self,
        kind: Kind,
        language: str,
        rows: list[Mapping[str, str]],
        columns: list[Thing],
        cells: dict[tuple[int, int], Value | None],
    ) -> str:
        rng = self._rng
        heads = [column.names[language] for column in columns]
        style = rng.choice(("pipes", "pipes", "headed", "headed", "flat", "prose", "tabs"))
        empty = rng.choice(_EMPTY)
        lines = []
        for number, names in enumerate(rows):
            row = names[language]
            found = [cells[number, place] for place in range(len(columns))]
            values = [cell.written if cell else empty for cell in found]
            if style == "headed":
                pairs = zip(heads, values, strict=True)
                lines.append(f"{row} – " + "; ".join(f"{head}: {value}" for head, value in pairs))
            elif style == "prose":
                pairs = zip(heads, values, strict=True)
                told = ", ".join(f"{head} {value}" for head, value in pairs if value != empty)
                lines.append(f"{_capital(row)}: {told}.")
            else:
                lines.append(_BETWEEN[style].join([row, *values]))
        if style in _BETWEEN:
            lines.insert(0, _BETWEEN[style].join([phrases.FIRST_COLUMN[language], *heads]))
        title = f"{kind.titles[language]}\n" if rng.random() < 0.6 else ""
        return title + (" " if style in {"flat", "prose"} else "\n").join(lines)

    def _other_cell(self, table: Table, place: tuple[int, int]) -> Value | None:
        """Return what stands in another row of the column, or in another column of the row."""
        kinds = [column.plain_type for column in table.columns]
        right = table.cells[place]
        others = [
            cell
            for (row, column), cell in table.cells.items()
            if cell
            and right
            and cell.said not in right.said
            and right.said not in cell.said
            and kinds[column] == kinds[place[1]]
            and (row == place[0]) != (column == place[1])
        ]
        return self._rng.choice(others) if others else None

    def _about_absent(self, table: Table) -> Iterator[Row]:
        rng, paper = self._rng, table.paper
        absent_rows, absent_columns = table.absent
        asked: list[tuple[Mapping[str, str], Thing]] = []
        if absent_rows:
            asked.append((rng.choice(absent_rows), rng.choice(table.columns)))
        if absent_columns:
            asked.append((rng.choice(table.rows), rng.choice(absent_columns)))
        for row, column in asked:
            language = abroad(paper.language, _ASKED_ABROAD, self._texts, rng)
            question = self._asked(row, column, language)
            yield question_row(paper.group, paper.language, question, paper.text, "")
            alike = [
                cell
                for (_row, place), cell in table.cells.items()
                if cell and table.columns[place].plain_type == column.plain_type
            ]
            value = (
                rng.choice(alike)
                if alike and rng.random() < 0.7
                else make_value(column.value_type, paper.language, rng)
            )
            yield self._claim(table, row, column, value, "unsupported")

    def _asked(self, row: Mapping[str, str], column: Thing, language: str) -> str:
        name = column.names[language]
        wording = self._texts.wordings.get((language, name))
        natural = wording is not None and self._rng.random() < 0.6
        template = self._rng.choice(phrases.CELL_ASKED[language])
        if wording and natural:
            template = wording.question
        return _capital(template.format(c=name, r=row[language]))

    def _claim(
        self, table: Table, row: Mapping[str, str], column: Thing, value: Value, label: str
    ) -> Row:
        rng, paper = self._rng, table.paper
        language = abroad(paper.language, _SAID_ABROAD, self._texts, rng)
        words = value.said if language == paper.language else value.abroad[language]
        name = column.names[language]
        question = self._asked(row, column, language)
        if rng.random() < 0.2:
            return statement_row(paper, question, f"{words}.", label)
        wording = self._texts.wordings.get((language, name))
        natural = wording is not None and rng.random() < 0.6
        template = rng.choice(phrases.CELL_SAID[language])
        if wording and natural:
            template = wording.statement
        said = _capital(template.format(c=name, r=row[language], v=words))
        return statement_row(paper, question if rng.random() < 0.3 else "", said, label)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
