"""Fit the weights of `core/library/search/fusion_weights.py` and print them.

    PYTHONPATH=. python packaging/training/fit_fusion.py --set EMBEDDER SET [--set EMBEDDER SET …]

EMBEDDER is the folder of an embedding model, SET that of a retrieval set (corpus.jsonl,
queries.jsonl, qrels.tsv). Each question of a set is ranked by the library's own two rankings; the
weights are those with the best nDCG@10 of the documents that answer, each set counting the same.
Sets that an embedder can't read belong to it: from them the weights learn to leave the vectors out.

The weights that ship were fitted on samples of 100 to 150 questions of SQuAD 2.0's training part
(English; CC BY-SA 4.0), DRCD (Chinese; CC BY-SA 3.0), ARCD (Arabic; MIT) and JaQuAD (Japanese;
CC BY-SA 3.0) over 120 to 200 passages each, embedded with multilingual-e5-small and, but for the
Japanese, with all-MiniLM-L6-v2. Which features are used was chosen on FaQuAD (Portuguese), NorQuAD
(Norwegian), CMRC 2018 (Chinese) and iapp-wiki-qa (Thai). XQuAD and English collections were
reported on; earlier weightings had been seen on them before the idea of a passage's language.
"""

import argparse
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import numpy as np
import numpy.typing as npt

from core.base.paths import Paths
from core.library.embedding.sentence_transformer_embedder import SentenceTransformerEmbedder
from core.library.search.fusion_weights import ranking_agreement
from core.library.search.rank_fusion import CandidateRankings, scaled_rankings
from core.library.search.search_scope import SearchScope
from core.library.tasks.retrieval_evaluation import RetrievalSet, corpus_documents
from core.library.tasks.temporary_library import TemporaryLibrary

SHARES = np.arange(0.3, 0.85, 0.05)
"""Shares of the vectors where the rankings agree well, that are tried."""
SLOPES = (0.0, 0.5, 0.7, 1.0, 1.4, 2.0, 3.0)
_DEEPEST = 10

Array = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class RankedQuestion:
    """One question: agreement, both scaled scores and the document of each passage, and grades.

    Documents are places in `grades`.
    """

    agreement: float
    vector: Array
    keyword: Array
    documents: npt.NDArray[np.int64]
    grades: Array


def main() -> int:
    """Fit and print the weights."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--set", nargs=2, action="append", required=True, dest="sets")
    sets = [list(ranked_questions(Path(model), Path(at))) for model, at in parser.parse_args().sets]
    print("BIAS, AGREEMENT = {:.2f}, {:.1f}".format(*fit_weights(sets)))
    return 0


def ranked_questions(model: Path, folder: Path) -> Iterator[RankedQuestion]:
    """Yield the questions of a retrieval set that either ranking finds an answer to."""
    asked, embedder = RetrievalSet(folder), SentenceTransformerEmbedder(model)
    embedder.load_model()
    ids = [entry.id for entry in asked.corpus_entries()]
    with (
        tempfile.TemporaryDirectory() as root,
        TemporaryLibrary(Paths(Path(root)), embedder, file=Path(root) / "library.db") as library,
    ):
        for _done in library.add_documents(corpus_documents(asked)):
            pass
        documents = {
            cast("int", id_): ids[int(cast("bytes", path).partition(b"/")[0])]
            for id_, path in library.records.connection.execute(
                "SELECT passage.id, path FROM passage JOIN file USING (content_id)"
            )
        }
        rankings = CandidateRankings(library.records.connection, embedder.query_embedder)
        for query, text in asked.queries.items():
            vector = rankings.rank_by_vector(text, SearchScope())
            keyword = rankings.rank_by_keyword(text, SearchScope())
            beyond = rankings.passage_cosines(text, keyword.keys() - vector.keys())
            question = ranked_question(vector, keyword, beyond, documents, asked.grades[query])
            if question.grades.any():
                yield question


def ranked_question(
    vector: Mapping[int, float],
    keyword: Mapping[int, float],
    beyond: Mapping[int, float],
    documents: Mapping[int, str],
    grades: Mapping[str, int],
) -> RankedQuestion:
    """Return a question as it is fitted on, from its rankings and the `grades` of documents."""
    near, words = scaled_rankings(vector, keyword, beyond)
    ids = list({**vector, **keyword})
    found = list(dict.fromkeys(documents[id_] for id_ in ids))
    places = {name: place for place, name in enumerate(found)}
    return RankedQuestion(
        agreement=ranking_agreement(vector, keyword, beyond),
        vector=np.array([near.get(id_, 0.0) for id_ in ids]),
        keyword=np.array([words.get(id_, 0.0) for id_ in ids]),
        documents=np.array([places[documents[id_]] for id_ in ids], np.int64),
        grades=np.array([max(0, grades.get(name, 0)) for name in found], np.float64),
    )


def fit_weights(sets: Sequence[Sequence[RankedQuestion]]) -> tuple[float, float]:
    """Return bias and slope: each share where the agreement is 1, with each slope, is tried."""
    tried = [
        (float(np.log(share / (1 - share)) - slope), slope) for share in SHARES for slope in SLOPES
    ]
    return max(tried, key=lambda pair: float(np.mean([mean_quality(each, *pair) for each in sets])))


def mean_quality(questions: Sequence[RankedQuestion], bias: float, slope: float) -> float:
    """Return the mean nDCG@10, of the documents that were found at all."""
    return float(np.mean([_quality(question, bias, slope) for question in questions]))


def _quality(question: RankedQuestion, bias: float, slope: float) -> float:
    share = 1 / (1 + np.exp(-(bias + slope * question.agreement)))
    scores = share * question.vector + (1 - share) * question.keyword
    best = np.full(len(question.grades), -np.inf)
    np.maximum.at(best, question.documents, scores)
    ranked = question.grades[np.argsort(-best, kind="stable")]
    return _discounted(ranked) / _discounted(-np.sort(-question.grades))


def _discounted(grades: Array) -> float:
    first = grades[:_DEEPEST]
    return float((first / np.log2(np.arange(2, len(first) + 2))).sum())


if __name__ == "__main__":
    sys.exit(main())
