"""Messages between the front end and the library child: search, index, upkeep, evaluation."""

from enum import StrEnum
from typing import Never

from msgspec import Struct

from core.messages.common_messages import Cancel, Failed, FinalMessage, Hello, Message, Request
from core.messages.document_messages import DocumentEvent, DocumentRequest
from core.messages.evaluation_messages import (
    EvaluationEvent,
    EvaluationProgress,
    EvaluationRequest,
)
from core.messages.folder_messages import FolderEvent, FolderRequest, FolderState, SyncProgress
from core.messages.judging_messages import JudgingEvent, JudgingRequest


class SearchFilters(Struct, frozen=True, kw_only=True):
    """What narrows a search; each part that is given must hold.

    `types` are endings of file names ("pdf"), `paths` shell patterns of relative paths
    ("contracts/*"; a folder stands for all within). `since` (included) and `until` (not included)
    bound when a file was last changed, in seconds since 1970.
    """

    types: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    since: float | None = None
    until: float | None = None


NO_FILTERS = SearchFilters()


class SearchFolders(Request[Never, "SearchDone"], frozen=True, kw_only=True):
    """Find the `k` passages that best answer `query` in these folders (none given: in all).

    Words in quotation marks must stand together. `filters` narrow the files.
    """

    query: str
    folder_ids: tuple[str, ...] = ()
    k: int = 8
    filters: SearchFilters = SearchFilters()


class SearchFiles(Request[Never, "SearchDone"], frozen=True, kw_only=True):
    """Find what answers `query` in single files, which no folder needs to hold; SearchDone answers.

    `paths` are absolute, `raws` hold their bytes where they are no text. Files of together at most
    `tokens` tokens come as a whole first, all their passages in order with Hit.whole; then, and
    else alone, come the `k` passages that answer best.
    """

    query: str
    paths: tuple[str, ...]
    raws: tuple[bytes, ...]
    k: int = 8
    tokens: int


class ChooseReranker(Request[Never, "RerankerChosen"], frozen=True, kw_only=True):
    """Let a cross-encoder's folder put what was found into order; "" for none.

    RerankerChosen answers once it was tried.
    """

    path: str


class RerankerChosen(FinalMessage, frozen=True, kw_only=True):
    """The reranker in use, "" for none; milliseconds it takes for a passage here.

    One that can't judge enough passages within its time is not `used`.
    """

    path: str
    milliseconds: float = 0.0
    used: bool = False


class SearchVerdict(StrEnum):
    """What the documents say on a question; ON_TOPIC: they treat it, but don't answer it."""

    ANSWERED = "answered"
    ON_TOPIC = "on_topic"
    NOTHING = "nothing"


class SearchHit(Message, frozen=True, kw_only=True):
    """One found passage, best first. `page` and `line` (of a file that is text) count from 1.

    `section` is the text around it that a model reads; `content_hash` names the file's bytes.
    `score` lies between 0 and 1 and compares within one search only; `folder` is the folder's name.
    `confidence` is the calibrated probability, 0 to 1, that this passage alone answers.
    """

    rank: int
    passage_id: int
    section_id: int
    folder_id: str
    file: str
    path: str
    page: int | None
    heading: str
    text: str
    section: str
    content_hash: str
    score: float
    folder: str = ""
    whole: bool = False
    """One of all passages of a file that was asked for as a whole."""
    line: int | None = None
    confidence: float = 0.0


UNKNOWN_COUNT = -1
"""Files to be read that can't be counted yet: a new folder is still being listed."""


class SearchDone(FinalMessage, frozen=True, kw_only=True):
    """The best passages, whatever they are worth, and the verdict on them.

    `confidence` is the calibrated probability, 0 to 1, that the best of them answer the question;
    from `threshold` on it counts as answered. `unread_files` of the searched folders were not read
    yet, and may answer better; it may be UNKNOWN_COUNT. Where the question names something of which
    the library has only another one (`asked_subject`: "Elm Road 18"), `found_subject` is that one.
    `missing_value` names the kind of value, as "money", that is asked for and that the nearest
    passages of a question without an answer lack.
    `need` is the probability, 0 to 1, that what was asked wants documents at all.
    """

    hits: tuple[SearchHit, ...]
    seconds: float
    verdict: SearchVerdict = SearchVerdict.ANSWERED
    confidence: float = 1.0
    threshold: float = 0.5
    unread_files: int = 0
    asked_subject: str = ""
    found_subject: str = ""
    missing_value: str = ""
    need: float = 1.0


class ListPassages(Request[Never, "PassagesListed"], frozen=True, kw_only=True):
    """Ask for all passages of an indexed file, in reading order; `file` is relative, with "/"."""

    folder_id: str
    file: str


class PassagesListed(FinalMessage, frozen=True, kw_only=True):
    """The passages of a file, none if it is gone or not read."""

    hits: tuple[SearchHit, ...]


class EmbedTexts(Request[Never, "TextsEmbedded"], frozen=True, kw_only=True):
    """Ask for the vectors of questions or short texts, to compare them with each other.

    With `as_passages` they are embedded together, as passages of documents are; those of `tokens`
    are counted then.
    """

    texts: tuple[str, ...]
    as_passages: bool


class TextsEmbedded(FinalMessage, frozen=True, kw_only=True):
    """Vectors in the order of the texts, float32, of unit length; empty after a cancellation.

    Only those of one `embedder`, a name, compare.
    """

    vectors: tuple[bytes, ...]
    embedder: str
    tokens: int = 0


class ThrottleIndexing(Message, frozen=True, kw_only=True):
    """While `active` the engine is answering: reading goes on slowly, searches come first."""

    active: bool


class ListStatus(Request[Never, "LibraryStatus"], frozen=True, kw_only=True):
    """Ask how every folder and the index stand."""


class FolderStatus(Message, frozen=True, kw_only=True):
    """A folder, and how far its sync is if one is under way."""

    folder: FolderState
    progress: SyncProgress | None = None


class LibraryStatus(FinalMessage, frozen=True, kw_only=True):
    """How the library stands.

    `index` names the generation that answers, "" while exact search does; `indexed` of `vectors`
    are in it. `embedder` is the folder of the embedding model; while another one takes its place,
    `next_embedder` names it and `next_done` of `next_total` documents are embedded with it.
    """

    folders: tuple[FolderStatus, ...]
    vectors: int
    index: str
    indexed: int
    embedder: str
    next_embedder: str = ""
    next_done: int = 0
    next_total: int = 0


class VerifyLibrary(Request[Never, "LibraryVerified"], frozen=True, kw_only=True):
    """Check what is kept and the index against each other, and mend what is wrong."""


class LibraryDamage(Message, frozen=True, kw_only=True):
    """One kind of damage: `count` things had it; `mended` says whether they are whole again.

    `kind` is texts (read again from their files), words (indexed anew), vectors (embedded anew),
    leftovers (removed) or index (built anew).
    """

    kind: str
    count: int
    mended: bool


class LibraryVerified(FinalMessage, frozen=True, kw_only=True):
    """The check is over; no findings means that all is well."""

    passages: int
    vectors: int
    findings: tuple[LibraryDamage, ...]
    seconds: float


class ChooseEmbedder(Request[Never, "LibraryStatus"], frozen=True, kw_only=True):
    """Let another sentence-transformers folder embed; "" lets the texts' languages choose.

    LibraryStatus answers as soon as it is accepted; the old one serves until all is embedded anew.
    """

    path: str


class EmbedderProgress(Message, frozen=True, kw_only=True):
    """How many documents are embedded with the next model.

    `changed`: it has taken its place; `failed`: it has not, a Failed without request says why.
    """

    path: str
    done: int
    total: int
    changed: bool = False
    failed: bool = False


class MeasureEmbedder(Request[Never, "EmbedderMeasured"], frozen=True, kw_only=True):
    """Time a bare `encode` and the way of a sync by turns, over passages that are kept."""


class EmbedderMeasured(FinalMessage, frozen=True, kw_only=True):
    """Tokens a second of a bare `encode`, and how this machine embeds: bfloat16 or float32.

    `against_bare`: its processor time divided by that of the way a sync embeds the same passages.
    """

    tokens: int
    tokens_per_second: float
    against_bare: float
    number_format: str
    batch_tokens: int


class EvaluateRetrieval(
    Request[EvaluationProgress, "RetrievalEvaluated"], frozen=True, kw_only=True
):
    """Measure search on a folder with corpus.jsonl, queries.jsonl and qrels.tsv.

    A question of which all grades are 0 is one that the documents don't answer. Its documents are
    read, cut, embedded and searched like any others, in a library of their own.
    """

    path: str


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
    rankings it is made of (paired bootstrap over the questions). `search` is what a search returns,
    `ask` what an answer rests on: nothing where the verdict refuses. `kept` is the share of the
    questions with an answer that are not refused, `refused` the share of the `unanswerable` ones
    that are (None without such questions).
    """

    name: str
    documents: int
    passages: int
    queries: int
    vector: RankingMetrics
    bm25: RankingMetrics
    fused: RankingMetrics
    reranked: RankingMetrics | None
    search: RankingMetrics
    ask: RankingMetrics
    kept: float
    unanswerable: int
    refused: float | None
    low: float
    high: float


LibraryRequest = (
    FolderRequest
    | DocumentRequest
    | SearchFolders
    | SearchFiles
    | ListPassages
    | EmbedTexts
    | JudgingRequest
    | EvaluateRetrieval
    | EvaluationRequest
    | ChooseReranker
    | ListStatus
    | VerifyLibrary
    | ChooseEmbedder
    | MeasureEmbedder
    | ThrottleIndexing
    | Cancel
)
LibraryEvent = (
    Hello
    | FolderEvent
    | DocumentEvent
    | SearchDone
    | PassagesListed
    | TextsEmbedded
    | EvaluationEvent
    | JudgingEvent
    | RetrievalEvaluated
    | RerankerChosen
    | LibraryStatus
    | LibraryVerified
    | EmbedderProgress
    | EmbedderMeasured
    | Failed
)
