"""Messages between the front end and the library child about how well things are found."""

from core.messages.common_messages import FinalMessage, Message, Request


class EvaluationProgress(Message, frozen=True, kw_only=True):
    """At most five a second. `step` is reading (documents), asking (questions) or comparing."""

    request_id: str
    step: str
    done: int
    total: int


class EvaluateFolder(Request[EvaluationProgress, "FolderEvaluated"], frozen=True, kw_only=True):
    """Ask `questions` questions made from a folder's own texts, and look for each among `k` hits.

    The same `seed` makes the same questions of the same texts.
    """

    folder_id: str
    questions: int = 60
    k: int = 10
    seed: int = 1


class FolderQuestionResult(Message, frozen=True, kw_only=True):
    """One question and whether its passage was found.

    `kind` is heading, sentence or figure. `rank` counts from 1 among the hits, 0: not among them;
    `file_rank` is that of the first hit of the same document. `reason` says why the passage is not
    among them: common_words, repeated (others say nearly the same), same_file (another passage of
    the document came before it), further_down (at `place` of all that was ranked) or unranked.
    """

    kind: str
    question: str
    evidence: str
    file: str
    page: int | None
    heading: str
    text: str
    content_hash: str
    rank: int
    file_rank: int
    reason: str = ""
    place: int = 0


class FolderEvaluated(FinalMessage, frozen=True, kw_only=True):
    """Every question with its result, and what of the folder can't be found at all.

    `files` can be found; `waiting` are still to be read, `pictures` are scans without text,
    `skipped` counts other files by the code that says why, `copies` are files whose text another
    file has, too.
    """

    folder_id: str
    questions: tuple[FolderQuestionResult, ...]
    files: int
    asked_files: int
    waiting: int
    pictures: int
    copies: int
    skipped: dict[str, int]
    k: int
    seconds: float


class SimilarityPair(Message, frozen=True, kw_only=True):
    """A reply, and the texts it should say the same as."""

    reply: str
    references: tuple[str, ...]


class ScoreSimilarity(Request[EvaluationProgress, "SimilarityScored"], frozen=True, kw_only=True):
    """Compare texts by the token vectors of the embedding model; steps are "comparing"."""

    pairs: tuple[SimilarityPair, ...]


class SimilarityScored(FinalMessage, frozen=True, kw_only=True):
    """For each pair the F1 with its nearest reference; `model` is the embedding model's name."""

    scores: tuple[float, ...]
    model: str


EvaluationRequest = EvaluateFolder | ScoreSimilarity
EvaluationEvent = EvaluationProgress | FolderEvaluated | SimilarityScored
