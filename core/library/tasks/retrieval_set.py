"""Retrieval set: corpus.jsonl, queries.jsonl and qrels.tsv of one folder."""

from collections.abc import Iterator
from pathlib import Path

import msgspec

from core.base.errors import ErrorCode, LibraryError
from core.base.i18n import _

CORPUS, QUERIES, GRADES = "corpus.jsonl", "queries.jsonl", "qrels.tsv"


class RetrievalSetEntry(msgspec.Struct, frozen=True):
    """A document, or a question (without a title)."""

    id: str = msgspec.field(name="id")
    text: str
    title: str = ""


class RetrievalSet:
    """One set. The corpus is read line by line; questions without a graded answer are left out.

    Raises LibraryError, which names the file and line that can't be used.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._decoder = msgspec.json.Decoder(RetrievalSetEntry, strict=False)
        self.grades = self._read_grades()
        self.queries = {
            query.id: query.text
            for query in self._entries(QUERIES)
            if any(grade > 0 for grade in self.grades.get(query.id, {}).values())
        }
        if not self.queries:
            raise self._refused(
                GRADES, _("no question of {file} has an answer").format(file=QUERIES)
            )
        self.documents = sum(1 for _entry in self._lines(CORPUS))

    @property
    def name(self) -> str:
        """What the set is called: its folder."""
        return self.folder.resolve().name

    def corpus_entries(self) -> Iterator[RetrievalSetEntry]:
        """Yield the documents in order."""
        yield from self._entries(CORPUS)

    def _read_grades(self) -> dict[str, dict[str, int]]:
        grades: dict[str, dict[str, int]] = {}
        for number, line in self._lines(GRADES):
            try:
                query, document, grade = line.split("\t")
                grades.setdefault(query, {})[document] = int(grade)
            except ValueError as error:
                if number == 1:  # some sets have a line of heads
                    continue
                raise self._refused(GRADES, _("line {n}").format(n=number)) from error
        return grades

    def _entries(self, name: str) -> Iterator[RetrievalSetEntry]:
        for number, line in self._lines(name):
            try:
                yield self._decoder.decode(line)
            except msgspec.MsgspecError as error:
                raise self._refused(name, _("line {n}").format(n=number)) from error

    def _lines(self, name: str) -> Iterator[tuple[int, str]]:
        try:
            with (self.folder / name).open(encoding="utf-8-sig") as file:
                for number, line in enumerate(file, 1):
                    if line.strip():
                        yield number, line.rstrip("\r\n")
        except (OSError, UnicodeDecodeError) as error:
            detail = getattr(error, "strerror", None) or _("it is no text")
            raise self._refused(name, detail) from error

    def _refused(self, file: str, detail: str) -> LibraryError:
        return LibraryError(ErrorCode.SET_REFUSED, path=str(self.folder), file=file, detail=detail)
