"""Measuring how well a search finds: what is asked of the library child, and what it says."""

from core.messages.common import Message


class EvaluateRetrieval(Message, frozen=True, kw_only=True):
    """Measure search on a folder with corpus.jsonl, queries.jsonl and qrels.tsv.

    Its documents are read, cut, embedded and searched like any others, in a library of their own.
    """

    request_id: str
    path: str


class EvaluationProgress(Message, frozen=True, kw_only=True):
    """At most five a second. `step` is "reading" (the documents) or "asking" (the questions)."""

    request_id: str
    step: str
    done: int
    total: int


class Figures(Message, frozen=True, kw_only=True):
    """One way to rank, averaged over all questions; milliseconds include what it builds upon."""

    ndcg: float
    recall: float
    mrr: float
    hit: float
    milliseconds: float


class RetrievalEvaluated(Message, frozen=True, kw_only=True):
    """nDCG, recall and MRR at 10, hit at 5; `reranked` is None without a reranker.

    With 95 % confidence the fused nDCG lies between `low` and `high` above the better of the two
    rankings it is made of (paired bootstrap over the questions).
    """

    request_id: str
    name: str
    documents: int
    passages: int
    queries: int
    vector: Figures
    bm25: Figures
    fused: Figures
    reranked: Figures | None
    low: float
    high: float
