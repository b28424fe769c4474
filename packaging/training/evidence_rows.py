"""Rows for fitting evidence weights: questions asked of a library of their source, as features."""

import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import msgspec

from core.base.paths import Paths
from core.library.embedding.embedder import Embedder
from core.library.judging.judge import Judge, SentenceReading
from core.library.search.evidence_features import (
    evidence_features,
    judge_features,
    sentence_features,
)
from core.library.search.evidence_judge import EvidenceJudge
from core.library.search.foreign_questions import passage_text
from core.library.search.keyword_ranking import informative_words
from core.library.search.rank_fusion import CandidateRankings
from core.library.search.relevance_judge import (
    EXAMINED_PASSAGES,
    NOTHING_FOUND,
    Assessment,
    FoundPassage,
)
from core.library.search.searcher import Searcher
from core.library.search.sentence_reranker import sentence_reranker
from core.library.tasks.temporary_library import TemporaryLibrary
from core.messages import DocumentPage
from evidence_sources import Question, Source

HITS = 60
"""Hits looked at, so that enough are left where documents are left out."""


class EvidenceRow(msgspec.Struct, frozen=True):
    """One question with its features; `kind` says what was asked.

    "answered" (the documents answer it; `found`: among the examined passages), "unanswerable" (they
    treat it, no more), "near" (as if the answering documents weren't there), "gone" (as if the
    whole subject weren't there), "stranger" (a question to another source). Of what the features
    are made is kept, so that they can be made anew: the examined passages, the idf of the
    question's words in their library, and what a judge said of each passage and its sentences.
    """

    source: str
    family: str
    kind: str
    question: str
    found: bool
    passages: tuple[FoundPassage, ...]
    idf: dict[str, float]
    probabilities: tuple[float, ...] = ()
    sentences: tuple[SentenceReading, ...] = ()
    features: dict[str, float] = {}

    @property
    def is_answered(self) -> bool:
        """Whether the passages answer it."""
        return self.kind == "answered"

    @property
    def is_on_topic(self) -> bool:
        """Whether the documents treat it."""
        return self.kind in {"answered", "unanswerable", "near"}


class _Recorder:
    """Keeps the passages of a search instead of judging them."""

    def __init__(self) -> None:
        self.passages: Sequence[FoundPassage] = ()

    def assess(self, _question: str, passages: Sequence[FoundPassage]) -> Assessment:
        self.passages = passages
        return NOTHING_FOUND._replace(passages=(0.0,) * len(passages))


def collect_rows(
    source: Source, strangers: Sequence[str], embedder: Embedder, judge: Judge | None
) -> list[EvidenceRow]:
    """Ask a library of the source its own questions and those of strangers."""
    with tempfile.TemporaryDirectory() as folder:
        paths = Paths(Path(folder))
        paths.create_folders()
        with TemporaryLibrary(paths, embedder) as library:
            documents = list(source.documents.values())
            named = (
                (
                    f"{place}/{each.name or 'text.txt'}",
                    (DocumentPage(number=None, heading="", text=each.text),),
                )
                for place, each in enumerate(documents)
            )
            for _step in library.add_documents(named):
                pass
            asker = _Asker(source, library, embedder, judge)
            return list(asker.rows(strangers))


def judged_row(row: EvidenceRow, judge: Judge) -> EvidenceRow:
    """Return the row with what the judge says of its passages."""
    said = judge.answer_probabilities(row.question, list(map(passage_text, row.passages)))
    read = judge.read_sentences(row.question, [(each.title, each.text) for each in row.passages])
    return msgspec.structs.replace(row, probabilities=tuple(said), sentences=tuple(read))


def with_features(row: EvidenceRow) -> EvidenceRow:
    """Return the row with its features, the judge's where it was asked."""
    features = evidence_features(row.question, row.passages, row.idf.__getitem__)
    if row.probabilities:
        features |= judge_features(row.probabilities)
    features |= sentence_features(row.sentences)
    return msgspec.structs.replace(row, features=features)


class _Asker:
    def __init__(
        self,
        source: Source,
        library: TemporaryLibrary,
        embedder: Embedder,
        judge: Judge | None,
    ) -> None:
        connection = library.records.connection
        self._source = source
        self._documents = list(source.documents.values())
        self._recorder = _Recorder()
        rankings = CandidateRankings(connection, embedder.query_embedder)
        self._searcher = Searcher(
            connection, rankings, self._recorder, default_reranker=sentence_reranker(judge)
        )
        self._evidence = EvidenceJudge(connection, embedder.model_folder.name)

    def rows(self, strangers: Sequence[str]) -> Iterator[EvidenceRow]:
        """Yield the rows of all questions; every second one is asked again without its answer."""
        for number, question in enumerate(self._source.questions):
            if not question.answers:
                yield from self._row("unanswerable", question)
                continue
            yield from self._row("answered", question)
            if not self._source.has_subjects or number % 2:
                continue
            subject = {
                each.id for each in self._documents if each.group == question.group
            } | question.answers
            if subject > question.answers:
                yield from self._row("near", question, question.answers.__contains__)
            yield from self._row("gone", question, subject.__contains__)
        for text in strangers:
            yield from self._row("stranger", Question(text, "", frozenset()))

    def _row(
        self, kind: str, question: Question, is_left_out: Callable[[str], bool] = lambda _id: False
    ) -> Iterator[EvidenceRow]:
        hits = self._searcher.search_passages(question.text, (), HITS).hits
        ids = [self._documents[int(hit.file.partition("/")[0])].id for hit in hits]
        pairs = zip(ids, self._recorder.passages, strict=False)
        left = [pair for pair in pairs if not is_left_out(pair[0])][:EXAMINED_PASSAGES]
        if not left:
            return
        passages = [passage for _id, passage in left]
        yield EvidenceRow(
            self._source.name,
            self._source.family,
            kind,
            question.text,
            any(id_ in question.answers for id_, _passage in left),
            tuple(passages),
            {word: self._evidence.idf(word) for word in informative_words(question.text)},
        )
