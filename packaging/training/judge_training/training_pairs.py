"""Training pairs: (question or statement, evidence, label) made of the sources' rows.

A source is a file of JSON lines, one row a question with its passage (`QuestionRow`) or a statement
with its evidence (`StatementRow`). `README.md` here lists them with their licences. From a question
come also: the passage without the answering sentence, another passage of its document, the question
with a fact changed (none of which answers it), its answer as a statement, right and wrong, and
sentences of the passage as statements, loosened, corrupted, or with other evidence.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from enum import IntEnum
from pathlib import Path
from random import Random
from typing import NamedTuple, TypeAlias

import msgspec

from core.base.sentences import sentence_spans
from core.library.judging.evidence_window import nearest_sentences, nearest_window
from judge_training import corruptions
from judge_training.loosening import loosen
from judge_training.missing_parts import partly_held
from judge_training.parallel_pairs import ParallelRow, parallel_examples

_WINDOWS = (150, 250, 300, 350, 450, 600)
"""Lengths of evidence in characters, one of them by chance: the judge meets all of them."""
_EVIDENCE = 650
_NAME_SWAPPED = 0.6
"""Share of statements, changed otherwise, that also come with a name of their evidence swapped."""
_DENSE = {"zh": 0.35, "zh-Hant": 0.35, "ja": 0.4, "ko": 0.5, "th": 0.7}
"""Characters of a language for one of English, about."""
_WORD = re.compile(r"[^\W_]{3,}")
_ASKED_SUBJECT = re.compile(
    r"(?:who|what|which [\w’'-]+(?: [\w’'-]+)?) ((?:was|is|were|are|has|had|did|wrote|won|made"
    r"|became|led|founded|built|played|created|[a-z]+ed|[a-z]+s)\b.*?)\??",
    re.IGNORECASE,
)


class Label(IntEnum):
    """What evidence says of a statement; also the order of the judge's scores."""

    SUPPORTED = 0
    CONTRADICTED = 1
    UNSUPPORTED = 2


class QuestionRow(msgspec.Struct, frozen=True):
    """A question and a passage; `starts` are places of `answers` in it, none for yes and no.

    An exact one gives one pair alone: what else its paper says would be taken for unanswered.
    """

    source: str
    group: str
    question: str
    context: str
    answerable: bool
    answers: tuple[str, ...] = ()
    starts: tuple[int, ...] = ()
    lang: str = "en"
    yesno: bool | None = None
    plausible: tuple[str, ...] = ()
    is_exact: bool = False


class StatementRow(msgspec.Struct, frozen=True):
    """A statement, of an answer to `question`, and evidence; `partial`: a part is supported."""

    source: str
    group: str
    statement: str
    evidence: str | tuple[str, ...]
    label: str
    lang: str = "en"
    partial: bool = False
    question: str = ""


class Pair(NamedTuple):
    """One example: of the answer head where `statement` is "", else of the support head.

    `label` is 0 or 1 for the first, a Label for the second; `span` are the characters of the answer
    in the evidence.
    """

    question: str
    statement: str
    evidence: str
    label: int
    span: tuple[int, int] | None = None
    weight: float = 1.0


Rows: TypeAlias = list[QuestionRow] | list[StatementRow] | list[ParallelRow]


def read_rows(path: Path) -> Rows:
    """Return the rows of one source."""
    lines = path.read_bytes().splitlines()
    if b'"kind": "parallel"' in lines[0]:
        return [msgspec.json.decode(line, type=ParallelRow) for line in lines]
    if b'"kind": "qa"' in lines[0]:
        return [msgspec.json.decode(line, type=QuestionRow) for line in lines]
    return [msgspec.json.decode(line, type=StatementRow) for line in lines]


class QuestionSource:
    """The rows of one source, and the passages of each of its documents."""

    def __init__(self, rows: Sequence[QuestionRow], rng: Random) -> None:
        self._rng = rng
        self._passages: dict[str, list[str]] = defaultdict(list)
        for row in rows:
            if row.context not in self._passages[row.group][-40:]:
                self._passages[row.group].append(row.context)
        self._groups = list(self._passages)

    def pairs(self, row: QuestionRow) -> list[Pair]:
        """Return what one question gives; other pairs each time."""
        if row.is_exact:
            return self._exact(row)
        if not row.answerable:
            return self._unanswerable(row)
        if not row.answers or not row.starts:
            return self._whole_passage(row)
        answer, start = row.answers[0], row.starts[0]
        spans = sentence_spans(row.context) or [(0, len(row.context))]
        place = next((n for n, (first, end) in enumerate(spans) if first <= start <= end), None)
        if place is None or row.context[start : start + len(answer)] != answer:
            return []
        left, right = self._window(spans, place, row.lang)
        evidence = row.context[left : max(right, start + len(answer))]
        span = (start - left, start - left + len(answer))
        pairs = [Pair(row.question, "", evidence, 1, span)]
        pairs += self._unanswered(row, answer, evidence)
        roll = self._rng.random()
        if roll < 0.5 and len(answer) < 120:
            pairs += self._answer_statements(
                row, answer, evidence, row.context[slice(*spans[place])]
            )
        elif roll < 0.9:
            pairs += self._sentence_statements(row, spans)
        return pairs

    # ------------------------------------------------------------ does it answer?

    def _exact(self, row: QuestionRow) -> list[Pair]:
        limit = 600 if self._rng.random() < 0.4 else 400
        evidence = nearest_window(row.question, row.context, limit)
        if not row.answerable:
            return [Pair(row.question, "", evidence, 0)]
        if (
            row.answers and row.answers[0] not in evidence
        ):  # asked in other words, or in another language
            evidence = nearest_window(row.answers[0], row.context, limit)
        if not row.answers or row.answers[0] not in evidence:
            return []
        start = evidence.index(row.answers[0])
        return [Pair(row.question, "", evidence, 1, (start, start + len(row.answers[0])))]

    def _unanswerable(self, row: QuestionRow) -> list[Pair]:
        whole = len(row.context) < 900 * _DENSE.get(row.lang, 1.0) and self._rng.random() < 0.5
        evidence = row.context if whole else self._near_window(row.question, row.context, row.lang)
        pairs = [Pair(row.question, "", evidence, 0)]
        if row.plausible:
            pairs.append(Pair(row.question, row.plausible[0], evidence, Label.UNSUPPORTED))
        return pairs

    def _whole_passage(self, row: QuestionRow) -> list[Pair]:
        """Return pairs of a question that the passage answers as a whole, mostly by yes or no."""
        evidence = row.context[:700]
        if len(row.context) > 800:
            return []
        pairs = [Pair(row.question, "", evidence, 1)]
        if other := self._near_passage(row):
            pairs.append(
                Pair(row.question, "", self._near_window(row.question, other, row.lang), 0)
            )
        if row.yesno is not None:
            for said in (True, False):
                word = self._rng.choice(("Yes.", "yes", "Yes") if said else ("No.", "no", "No"))
                label = Label.SUPPORTED if said == row.yesno else Label.CONTRADICTED
                pairs.append(Pair(row.question, word, evidence, label, weight=0.7))
        return pairs

    def _unanswered(self, row: QuestionRow, answer: str, evidence: str) -> list[Pair]:
        """Return the question beside what doesn't answer it, or changed beside what did."""
        rng, roll = self._rng, self._rng.random()
        if roll < 0.25:
            spans = sentence_spans(row.context)
            rest = [row.context[slice(*span)] for span in spans]
            joined = " ".join(each for each in rest if answer.lower() not in each.lower())
            other = self._near_window(row.question, joined, row.lang) if joined else ""
        elif roll < 0.45:
            near = self._near_passage(row)
            other = self._near_window(row.question, near, row.lang) if near else ""
        elif roll < 0.87:
            others = row.context if rng.random() < 0.5 else self._near_passage(row) or row.context
            changed = corruptions.corrupt(row.question, others, rng)
            if changed is None or answer.lower() in changed[0].lower():
                return []
            return [Pair(changed[0], "", evidence, 0, weight=0.8)]
        else:
            far = rng.choice(self._passages[rng.choice(self._groups)])
            other = self._near_window(row.question, far, row.lang)
        if not other or answer.lower() in other.lower():
            return []
        return [Pair(row.question, "", other, 0)]

    # ------------------------------------------------------------ does it support?

    def _answer_statements(
        self, row: QuestionRow, answer: str, evidence: str, sentence: str
    ) -> list[Pair]:
        """Return the answer as a statement beside its question: right, wrong, or elsewhere."""
        rng = self._rng
        asked = _ASKED_SUBJECT.fullmatch(row.question.strip())
        statement = answer
        if asked and rng.random() < 0.5:
            statement = f"{answer} {asked.group(1)}."
        elif rng.random() < 0.25:
            statement = sentence
        question = row.question if len(statement) < 40 or rng.random() < 0.9 else ""
        pairs = [Pair(question, statement, evidence, Label.SUPPORTED)]
        wrong = self._wrong_answer(answer, row.context)
        if wrong and rng.random() < 0.8:
            said = statement.replace(answer, wrong) if answer in statement else wrong
            if said != statement:
                pairs.append(Pair(question, said, evidence, Label.CONTRADICTED))
        elif rng.random() < 0.6:
            near = self._near_passage(row) or answer
            if answer.lower() not in near.lower():
                other = self._near_window(row.question, near, row.lang)
                pairs.append(Pair(question, statement, other, Label.UNSUPPORTED))
        return pairs

    def _wrong_answer(self, answer: str, context: str) -> str | None:
        rng = self._rng
        if corruptions.NUMBER.search(answer) and rng.random() < 0.8:
            return corruptions.change_number(answer, context, rng)
        if answer[:1].isupper():
            parts = set(answer.split())
            pool = [
                name
                for name in corruptions.names(context)
                if not parts & set(name.split()) and name.lower() not in answer.lower()
            ]
            if pool:
                return rng.choice(pool)
        changed = corruptions.corrupt(answer, context, rng)
        return changed[0] if changed and changed[1] != "negation" else None

    def _sentence_statements(self, row: QuestionRow, spans: list[tuple[int, int]]) -> list[Pair]:
        """Return one of the passage's sentences as a statement, true and changed."""
        rng, shortest = self._rng, 30 * _DENSE.get(row.lang, 1.0)
        usable = [n for n, (start, end) in enumerate(spans) if shortest < end - start < 300]
        if not usable:
            return []
        place = rng.choice(usable)
        sentence = row.context[slice(*spans[place])]
        evidence = row.context[slice(*self._window(spans, place, row.lang))]
        question = row.question if rng.random() < 0.5 else ""
        statement = loosen(sentence, rng)
        pairs = [Pair(question, statement, evidence, Label.SUPPORTED)]
        others = evidence if rng.random() < 0.5 else row.context
        pairs += self._changed_statements(question, statement, evidence, others)
        beside = [n for n in range(place - 3, place + 4) if 0 <= n < len(spans) and n != place]
        near = [row.context[slice(*spans[n])] for n in beside]
        if mixed := corruptions.mix_predicates(sentence, near, rng):
            pairs.append(Pair(question, mixed, evidence, Label.UNSUPPORTED))
        pairs += self._partly_held(row, spans, place)
        if rng.random() < 0.15 and (changed := corruptions.corrupt(sentence, row.context, rng)):
            other = evidence.replace(sentence, changed[0])
            pairs.append(Pair(question, statement, other, Label.CONTRADICTED))
        if rng.random() < 0.6:
            rest = " ".join(row.context[slice(*span)] for n, span in enumerate(spans) if n != place)
            far = rest if rng.random() < 0.6 else self._near_passage(row) or rest
            if far and sentence not in far:
                other = self._near_window(sentence, far, row.lang)
                pairs.append(Pair(question, statement, other, Label.UNSUPPORTED))
        if rng.random() < 0.12:
            far = rng.choice(self._passages[rng.choice(self._groups)])
            if far != row.context:
                more = far[slice(*rng.choice(sentence_spans(far) or [(0, len(far))]))][:120]
                said = f"{statement.rstrip('.')} and {more}"
                pairs.append(Pair(question, said, evidence, Label.UNSUPPORTED))
        return pairs

    def _changed_statements(
        self, question: str, statement: str, evidence: str, others: str
    ) -> Iterator[Pair]:
        """Yield the statement with a fact changed, and often once more with another name."""
        changed = corruptions.corrupt(statement, others, self._rng)
        if changed is None:
            return
        yield Pair(question, changed[0], evidence, Label.CONTRADICTED)
        if changed[1] != "name" and self._rng.random() < _NAME_SWAPPED:
            swapped = corruptions.change_name(statement, evidence, self._rng)
            if swapped and swapped != statement:
                yield Pair(question, swapped, evidence, Label.CONTRADICTED)

    def _partly_held(
        self, row: QuestionRow, spans: list[tuple[int, int]], place: int
    ) -> Iterator[Pair]:
        """Yield statements of which a part is missing beside them, and whole ones."""
        first = max(0, place - self._rng.randrange(3))
        last = min(len(spans), place + 1 + self._rng.randrange(1, 4))
        sentences = [row.context[slice(*span)] for span in spans[first:last]]
        for statement, evidence, is_whole in partly_held(sentences, place - first, self._rng):
            if len(evidence) <= _EVIDENCE * _DENSE.get(row.lang, 1.0):
                label = Label.SUPPORTED if is_whole else Label.UNSUPPORTED
                yield Pair("", statement, evidence, label)

    # ------------------------------------------------------------ evidence

    def _limit(self, language: str) -> int:
        return int(self._rng.choice(_WINDOWS) * _DENSE.get(language, 1.0))

    def _window(self, spans: list[tuple[int, int]], place: int, language: str) -> tuple[int, int]:
        """Return the characters of a run of sentences with number `place` in it."""
        first, last, limit = place, place, self._limit(language)
        while True:
            wider = [
                (start, end)
                for start, end in ((first - 1, last), (first, last + 1))
                if start >= 0 and end < len(spans) and spans[end][1] - spans[start][0] <= limit
            ]
            if not wider:
                return spans[first][0], spans[last][1]
            first, last = self._rng.choice(wider)

    def _near_window(self, wanted: str, text: str, language: str) -> str:
        spans = sentence_spans(text) or [(0, len(text))]
        asked = _stems(wanted)
        near = [
            len(asked & _stems(text[slice(*span)])) + self._rng.random() * 0.5 for span in spans
        ]
        return text[slice(*self._window(spans, near.index(max(near)), language))]

    def _near_passage(self, row: QuestionRow) -> str | None:
        """Return another passage of the document, the most alike of some; "" has none."""
        pool = [text for text in self._passages[row.group] if text != row.context]
        if not pool:
            pool = [self._rng.choice(self._passages[self._rng.choice(self._groups)])]
        asked = _stems(row.question)
        some = self._rng.sample(pool, min(12, len(pool)))
        best = max(some, key=lambda text: len(asked & _stems(text)) + self._rng.random())
        return best if best != row.context else None


def statement_pairs(row: StatementRow, other: StatementRow, rng: Random) -> list[Pair]:
    """Return the row as a pair, now and then also with a fact changed or the evidence of `other`.

    Some sources have no unsupported statements: a judge would learn their style as a mark.
    """
    label = Label[row.label.upper()]
    evidence = row.evidence if isinstance(row.evidence, str) else " ".join(row.evidence)
    evidence = nearest_sentences(row.statement, evidence, _EVIDENCE)
    weight = 0.7 if row.partial else 1.0
    pairs = [Pair(row.question, row.statement, evidence, label, weight=weight)]
    if row.question:
        return pairs
    changed = corruptions.corrupt(row.statement, evidence, rng)
    if label is Label.SUPPORTED and changed and rng.random() < 0.3:
        pairs.append(Pair("", changed[0], evidence, Label.CONTRADICTED, weight=0.7))
    if other.group != row.group and rng.random() < 0.12:
        far = other.evidence if isinstance(other.evidence, str) else " ".join(other.evidence)
        far = nearest_sentences(row.statement, far, _EVIDENCE)
        pairs.append(Pair("", row.statement, far, Label.UNSUPPORTED, weight=0.7))
    return pairs


def parallel_pairs(row: ParallelRow, rng: Random) -> list[Pair]:
    """Return the pairs of a statement and what its translation's neighbourhood says of it."""
    return [
        Pair(question, statement, evidence, Label[label.upper()])
        for question, statement, evidence, label in parallel_examples(row, rng)
    ]


def _stems(text: str) -> set[str]:
    return {word.lower()[:6] for word in _WORD.findall(text)}
