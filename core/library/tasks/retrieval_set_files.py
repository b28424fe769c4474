"""Files of a retrieval set, named as here or as in BEIR; a front end looks before it asks."""

from pathlib import Path
from typing import NamedTuple

from core.base.errors import ErrorCode, LibraryError
from core.base.i18n import _

CORPUS, QUERIES, GRADES = "corpus.jsonl", "queries.jsonl", "qrels.tsv"
_BEIR_GRADES = ("qrels/test.tsv", "qrels/dev.tsv", "qrels/train.tsv")


class RetrievalSetFiles(NamedTuple):
    """Names in the folder."""

    corpus: str
    queries: str
    grades: str


def find_set_files(folder: Path) -> RetrievalSetFiles:
    """Return the files of a set. Raises LibraryError, which names the first that is missing."""
    grades = next((name for name in (GRADES, *_BEIR_GRADES) if (folder / name).is_file()), GRADES)
    files = RetrievalSetFiles(CORPUS, QUERIES, grades)
    for name in files:
        if not (folder / name).is_file():
            raise LibraryError(
                ErrorCode.SET_REFUSED, path=str(folder), file=name, detail=_("it is missing")
            )
    return files
