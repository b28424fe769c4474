"""Messages of retrieval evaluation: how well a search finds, measured by the library child."""

from core.messages.common_messages import FinalMessage, Message, Request


class EvaluateRetrieval(
    Request["EvaluationProgress", "RetrievalEvaluated"], frozen=True, kw_only=True
):
    """Measure search on a folder with corpus.jsonl, queries.jsonl and qrels.tsv.

    Its documents are read, cut, embedded and searched like any others, in a library of their own.
    """

    path: str


class EvaluationProgress(Message, frozen=True, kw_only=True):
    """At most five a second. `step` is "reading" (the documents) or "asking" (the questions)."""

    request_id: str
    step: str
    done: int
    total: int


class RankingMetrics(Message, frozen=True, kw_only=True):
    """One way to rank, averaged over all questions; milliseconds include what it builds upon."""

    ndcg: float
    recall: float
    mrr: float
    hit: float
    milliseconds: float


class RetrievalEvaluated(FinalMessage, frozen=True, kw_only=True):
    """nDCG, recall and MRR at 10, hit at 5; `reranked` is None without a reranker.

    With 95 % confidence the fused nDCG lies between `low` and `high` above the better of the two
    rankings it is made of (paired bootstrap over the questions).
    """

    name: str
    documents: int
    passages: int
    queries: int
    vector: RankingMetrics
    bm25: RankingMetrics
    fused: RankingMetrics
    reranked: RankingMetrics | None
    low: float
    high: float
