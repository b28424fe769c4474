"""Made tables: rows and columns as text, in the ways that readers of files leave them.

Of each table come questions about a cell, an empty cell, a row or a column that isn't there, and
statements with the right cell, that of another row, and that of another column.
"""

from collections.abc import Iterator
from random import Random
from typing import NamedTuple

from judge_training.made_papers import Paper, Row, question_row, statement_row
from judge_training.made_texts import LANGUAGES, Kind, Thing, read_wordings
from judge_training.made_values import MAKERS

_ASKED = {
    "en": ("What is the {c} of {r}?", "{r}: which {c}?", "{c} {r}?", "What {c} is given for {r}?"),
    "de": ("Was steht bei {r} unter {c}?", "{c} {r}?", "Welche Angabe zu {c} hat {r}?"),
    "fr": ("Qu'est-il indiqué comme {c} pour {r} ?", "{c} {r} ?", "{r} : {c} ?"),
    "es": ("¿Qué consta como {c} de {r}?", "¿{c} {r}?", "¿Cuál es el dato de {c} de {r}?"),
}
_SAID = {
    "en": (
        "The {c} of {r} is {v}.",
        "{r}: {c} {v}.",
        "For {r}, the {c} is {v}.",
        "- {r}: {v} ({c})",
    ),
    "de": ("Bei {r} steht unter {c}: {v}.", "{r}: {c} {v}.", "{r} hat als {c} {v}."),
    "fr": ("Pour {r}, {c} : {v}.", "{r} : {c} {v}.", "{v} est indiqué comme {c} pour {r}."),
    "es": ("Para {r}, {c}: {v}.", "{r}: {c} {v}.", "{v} consta como {c} de {r}."),
}
_FIRST_COLUMN = {"en": "item", "de": "Posten", "fr": "objet", "es": "concepto"}
_EMPTY = ("", "-", "–", "?")


class Table(NamedTuple):
    """Cells by row and column; `absent` are rows and columns of the kind that it hasn't."""

    paper: Paper
    rows: list[str]
    columns: list[Thing]
    cells: dict[tuple[int, int], tuple[str, str]]
    absent: tuple[list[str], list[Thing]]


class TableMaker:
    """Makes tables and their rows; the same for the same `rng`."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._wordings = read_wordings()

    def rows(self, kind: Kind, number: int) -> Iterator[Row]:
        """Yield questions and statements of one new table of the kind."""
        table = self._make(kind, number)
        paper, rng = table.paper, self._rng
        for place in rng.sample(sorted(table.cells), min(4, len(table.cells))):
            row, column = table.rows[place[0]], table.columns[place[1]]
            written, said = table.cells[place]
            question = self._asked(row, column, paper.language)
            yield question_row(paper.group, paper.language, question, paper.text, written)
            if not written:
                yield self._claim(
                    table,
                    row,
                    column,
                    MAKERS[column.value_type](paper.language, rng).said,
                    "unsupported",
                )
                continue
            yield self._claim(table, row, column, said, "supported")
            if wrong := self._other_cell(table, place):
                yield self._claim(table, row, column, wrong, "contradicted")
        yield from self._about_absent(table)

    def _make(self, kind: Kind, number: int) -> Table:
        rng = self._rng
        language = rng.choice((*LANGUAGES, "en", "en", "de"))
        names = kind.rows[language]
        if names[0] == "@person":
            names = list(dict.fromkeys(MAKERS["person"](language, rng).written for _n in range(9)))
        names = rng.sample(names, len(names))
        columns = rng.sample(kind.columns, len(kind.columns))
        size, width = rng.randrange(2, 7), rng.randrange(2, len(columns) + 1)
        rows, shown = names[:size], columns[:width]
        cells: dict[tuple[int, int], tuple[str, str]] = {}
        for place in ((row, column) for row in range(size) for column in range(width)):
            value = MAKERS[shown[place[1]].value_type](language, rng)
            known = {cell[0] for cell in cells.values()}
            if rng.random() < 0.06 or value.written in known:
                cells[place] = ("", "")
            else:
                cells[place] = (value.written, value.said)
        text = self._written(kind, language, rows, shown, cells)
        paper = Paper(kind.name, f"{kind.name}:{number}", language, text, [], [])
        return Table(paper, rows, shown, cells, (names[size:], columns[width:]))

    def _written(
        self,
        kind: Kind,
        language: str,
        rows: list[str],
        columns: list[Thing],
        cells: dict[tuple[int, int], tuple[str, str]],
    ) -> str:
        rng = self._rng
        heads = [column.names[language] for column in columns]
        style = rng.choice(("pipes", "pipes", "headed", "headed", "flat", "prose", "tabs"))
        empty = rng.choice(_EMPTY)
        lines = []
        for number, row in enumerate(rows):
            values = [cells[number, place][0] or empty for place in range(len(columns))]
            if style == "headed":
                pairs = zip(heads, values, strict=True)
                lines.append(f"{row} – " + "; ".join(f"{head}: {value}" for head, value in pairs))
            elif style == "prose":
                pairs = zip(heads, values, strict=True)
                told = ", ".join(f"{head} {value}" for head, value in pairs if value != empty)
                lines.append(f"{row[:1].upper()}{row[1:]}: {told}.")
            else:
                lines.append(
                    {"pipes": " | ", "tabs": "\t", "flat": " "}[style].join([row, *values])
                )
        if style in {"pipes", "tabs", "flat"}:
            first = _FIRST_COLUMN[language]
            lines.insert(
                0, {"pipes": " | ", "tabs": "\t", "flat": " "}[style].join([first, *heads])
            )
        title = f"{kind.titles[language]}\n" if rng.random() < 0.6 else ""
        return title + (" " if style in {"flat", "prose"} else "\n").join(lines)

    def _other_cell(self, table: Table, place: tuple[int, int]) -> str:
        """Return what stands in another row of the column, or in another column of the row."""
        kinds = [column.value_type for column in table.columns]
        right = table.cells[place][1]
        others = [
            said
            for (row, column), (_written, said) in table.cells.items()
            if said
            and said not in right
            and right not in said
            and kinds[column] == kinds[place[1]]
            and (row == place[0]) != (column == place[1])
        ]
        return self._rng.choice(others) if others else ""

    def _about_absent(self, table: Table) -> Iterator[Row]:
        rng, paper = self._rng, table.paper
        absent_rows, absent_columns = table.absent
        asked: list[tuple[str, Thing]] = []
        if absent_rows:
            asked.append((rng.choice(absent_rows), rng.choice(table.columns)))
        if absent_columns:
            asked.append((rng.choice(table.rows), rng.choice(absent_columns)))
        for row, column in asked:
            question = self._asked(row, column, paper.language)
            yield question_row(paper.group, paper.language, question, paper.text, "")
            alike = [
                said
                for (_row, place), (_written, said) in table.cells.items()
                if said and table.columns[place].value_type == column.value_type
            ]
            value = (
                rng.choice(alike)
                if alike and rng.random() < 0.7
                else MAKERS[column.value_type](paper.language, rng).said
            )
            yield self._claim(table, row, column, value, "unsupported")

    def _asked(self, row: str, column: Thing, language: str) -> str:
        name = column.names[language]
        wording = self._wordings.get((language, name))
        natural = wording is not None and self._rng.random() < 0.6
        template = wording.question if wording and natural else self._rng.choice(_ASKED[language])
        return _capital(template.format(c=name, r=row))

    def _claim(self, table: Table, row: str, column: Thing, value: str, label: str) -> Row:
        language, name = table.paper.language, column.names[table.paper.language]
        question = self._asked(row, column, language)
        if self._rng.random() < 0.2:
            return statement_row(table.paper, question, f"{value}.", label)
        wording = self._wordings.get((language, name))
        natural = wording is not None and self._rng.random() < 0.6
        template = wording.statement if wording and natural else self._rng.choice(_SAID[language])
        said = _capital(template.format(c=name, r=row, v=value))
        return statement_row(table.paper, question if self._rng.random() < 0.3 else "", said, label)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
