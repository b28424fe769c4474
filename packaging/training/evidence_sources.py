"""Sources of questions for fitting evidence weights: documents, and what is asked of them."""

import hashlib
import json
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from judge_training.training_mix import is_held

MOST_QUESTIONS = 100
MAX_DOCUMENTS = 200
"""Documents of one source: so many are embedded in well under a minute."""
_PER_GROUP = 24


@dataclass(frozen=True, slots=True)
class Document:
    """A text; the documents of one group treat one subject."""

    id: str
    group: str
    text: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """A question about a group, and the documents that answer it, none if it has no answer."""

    text: str
    group: str
    answers: frozenset[str]


@dataclass(slots=True)
class Source:
    """Documents and questions from one place. Groups tell subjects apart if `has_subjects`."""

    name: str
    has_subjects: bool = True
    documents: dict[str, Document] = field(default_factory=dict)
    questions: list[Question] = field(default_factory=list)

    @property
    def family(self) -> str:
        """What is held out together."""
        return self.name.partition("-")[0]


def read_source(named: str, seed: int) -> Source:
    """Read NAME=PATH@N; of its questions at most N (100) with and as many without an answer."""
    name, _equals, path = named.partition("=")
    path, _at, count = path.partition("@")
    place, most = Path(path), int(count or MOST_QUESTIONS)
    if place.is_dir():
        source = _retrieval_set(name, place)
    elif place.suffix == ".json":
        source = _squad_form(name, place, seed)
    else:
        source = _items(name, place, seed)
    chance = random.Random(seed)  # noqa: S311 - a sample, not a secret
    asked = [each for each in source.questions if each.answers <= source.documents.keys()]
    chance.shuffle(asked)
    answered = [each for each in asked if each.answers][:most]
    unanswerable = [each for each in asked if not each.answers][:most]
    source.questions = answered + unanswerable
    return source


def _notes(name: str, entries: list[Any]) -> Source:
    """Read a line for each document, with questions that it answers, and that it doesn't."""
    source = Source(name)
    for number, entry in enumerate(entries):
        id_ = str(number)
        _add_document(source, id_, id_, entry["passage"], entry["file"])
        for answers, kind in ((frozenset({id_}), "answered"), (frozenset(), "unanswerable")):
            source.questions += [Question(text, id_, answers) for text in entry[kind]]
    return source


def _items(name: str, path: Path, seed: int) -> Source:
    """Read a line for each question; some passages of each title."""
    entries = list(_lines(path))
    if "answered" in entries[0]:
        return _notes(name, entries)
    if entries[0].get("kind") == "qa":
        entries = _held_entries(path.stem, entries)
    if name.startswith("xquad"):
        entries = [each for each in entries if each["lang"] == name.partition("-")[2]]
    source = Source(name)
    for entry in _shuffled(entries, seed, first=lambda each: not each.get("answerable", True)):
        title = str(entry.get("title") or str(entry["passage_id"]).partition("p")[0])
        _add_document(source, str(entry["passage_id"]), title, entry["passage"], entry.get("file"))
        if str(entry["passage_id"]) in source.documents:
            answers = {str(entry["passage_id"])} if entry.get("answerable", True) else set()
            source.questions.append(Question(entry["question"], title, frozenset(answers)))
    return source


def _held_entries(training_source: str, rows: list[Any]) -> list[dict[str, Any]]:
    """Return rows of the judge's training data in our form: of documents it didn't see."""
    held = [row for row in rows if is_held(training_source, row["group"])]
    return [
        {
            "question": row["question"],
            "passage": row["context"],
            "passage_id": hashlib.sha256(row["context"].encode()).hexdigest(),
            "title": row["group"],
            "answerable": row["answerable"],
        }
        for row in held
    ]


def _squad_form(name: str, path: Path, seed: int) -> Source:
    source = Source(name)
    articles = json.loads(path.read_text(encoding="utf-8"))["data"]
    for number, article in _shuffled(list(enumerate(articles)), seed):
        for place, paragraph in enumerate(article["paragraphs"][:4]):
            id_, group = f"{number}-{place}", f"{number}"
            _add_document(source, id_, group, paragraph["context"])
            if id_ in source.documents:
                source.questions += [
                    Question(each["question"].strip(" -"), group, frozenset({id_}))
                    for each in paragraph["qas"][:2]
                ]
    return source


def _retrieval_set(name: str, folder: Path) -> Source:
    source = Source(name, has_subjects=False)
    grades: dict[str, set[str]] = {}
    for line in (folder / "qrels.tsv").read_text(encoding="utf-8").splitlines():
        query, document, grade = line.split("\t")
        if grade.isdigit() and int(grade) > 0:
            grades.setdefault(query, set()).add(document)
    corpus = {each["id"]: each for each in _lines(folder / "corpus.jsonl")}
    for query in _lines(folder / "queries.jsonl"):
        answers = grades.get(query["id"], set()) & corpus.keys()
        for id_ in sorted(answers):
            text = f"{corpus[id_].get('title', '')}\n{corpus[id_]['text']}"
            _add_document(source, id_, id_, text.strip())
        if kept := answers & source.documents.keys():
            source.questions.append(Question(query["text"], query["id"], frozenset(kept)))
    return source


def _add_document(source: Source, id_: str, group: str, text: str, name: str | None = "") -> None:
    in_group = sum(each.group == group for each in source.documents.values())
    is_full = len(source.documents) >= MAX_DOCUMENTS or in_group >= _PER_GROUP
    if id_ not in source.documents and not is_full:
        source.documents[id_] = Document(id_, group, text, name or "")


def _lines(path: Path) -> Iterator[Any]:
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.strip():
            yield json.loads(line)


def _shuffled(entries: list[Any], seed: int, first: Any = None) -> list[Any]:  # noqa: ANN401 - JSON
    chance = random.Random(seed)  # noqa: S311 - a sample, not a secret
    chance.shuffle(entries)
    return sorted(entries, key=lambda each: not first(each)) if first else entries
