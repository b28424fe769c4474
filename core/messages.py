"""Everything that crosses a process border: frozen structs in closed, tagged unions.

A `request_id` names the request an event answers; events of a request that was cancelled may still
arrive and are dropped by whoever asked. `PROTOCOL` is compared when a child says hello.
"""

from msgspec import Struct

PROTOCOL = 1


class Message(Struct, frozen=True, kw_only=True, tag=True):
    """Base of all messages: frozen, keyword-only, told apart by their class name."""


# ---------------------------------------------------------------- both children


class Hello(Message, frozen=True, kw_only=True):
    """First message of every child."""

    protocol: int
    role: str
    pid: int


class Cancel(Message, frozen=True, kw_only=True):
    """Stop working on `request_id`; its last event still comes."""

    request_id: str


class Failed(Message, frozen=True, kw_only=True):
    """`request_id` ended without its result; `core.errors.describe(code, facts)` says why."""

    request_id: str
    code: str
    facts: dict[str, str] = {}


class WorkerDied(Message, frozen=True, kw_only=True):
    """Made by the parent: the child's process is gone. `tail` is the end of its log."""

    role: str
    exit_code: int | None
    tail: str = ""


# ---------------------------------------------------------------- engine


class LoadModel(Message, frozen=True, kw_only=True):
    """Load a GGUF file, after unloading another. `context` 0 and `threads` 0 mean: choose."""

    request_id: str
    path: str
    context: int = 0
    threads: int = 0
    gpu_layers: int = -1


class ModelLoaded(Message, frozen=True, kw_only=True):
    """The model is ready; `fingerprint` names its vocabulary and weights (see core.gguf)."""

    request_id: str
    path: str
    fingerprint: str
    context: int
    threads: int
    prompt_tokens_per_second: float
    seconds: float


class PromptTurn(Message, frozen=True, kw_only=True):
    """One turn of the transcript as the model reads it.

    `text` is what was sent (with sources, for a question), `plain` the same without sources.
    `token_ids` are the model's own tokens of an answer, valid for the model they came from only.
    """

    role: str
    text: str
    plain: str = ""
    token_ids: tuple[int, ...] = ()


class PromptSource(Message, frozen=True, kw_only=True):
    """A found passage on its way into a prompt: `n` is its citation number, `label` its place."""

    n: int
    label: str
    passage: str
    section: str


class Sampling(Message, frozen=True, kw_only=True):
    """How the next token is chosen. `seed` None draws one."""

    temperature: float = 0.7
    top_k: int = 40
    top_p: float = 0.95
    min_p: float = 0.05
    repeat_penalty: float = 1.1
    seed: int | None = None


class Generate(Message, frozen=True, kw_only=True):
    """Answer the last of `turns`, a user's question, with `sources` put before it as they fit."""

    request_id: str
    turns: tuple[PromptTurn, ...]
    sources: tuple[PromptSource, ...] = ()
    sampling: Sampling = Sampling()
    max_tokens: int = 0
    """0: as many as the context leaves."""


class FittedPrompt(Struct, frozen=True, kw_only=True):
    """What was chosen to be sent; handed from core.chat.prompt to the engine in its own child.

    `turns` end with the question as `sent`, its sources included.
    """

    turns: tuple[PromptTurn, ...]
    sent: str
    sources_used: tuple[int, ...] = ()
    sources_left_out: int = 0
    turns_left_out: int = 0


class PromptFitted(Message, frozen=True, kw_only=True):
    """What was really sent: the question as `sent`, and what had to be left out."""

    request_id: str
    sent: str
    sources_used: tuple[int, ...]
    turns_left_out: int
    sources_left_out: int
    prompt_tokens: int
    cached_tokens: int


class Chunk(Message, frozen=True, kw_only=True):
    """Text of the answer, gathered for about 30 ms."""

    request_id: str
    text: str


class AnswerDone(Message, frozen=True, kw_only=True):
    """The whole answer. `stop` is eos, length, stop or cancelled; rates are first to last token."""

    request_id: str
    stop: str
    text: str = ""
    token_ids: tuple[int, ...] = ()
    prompt_tokens: int = 0
    cached_tokens: int = 0
    completion_tokens: int = 0
    seconds_to_first_token: float = 0.0
    tokens_per_second: float = 0.0


EngineRequest = LoadModel | Generate | Cancel
EngineEvent = Hello | ModelLoaded | PromptFitted | Chunk | AnswerDone | Failed


# ---------------------------------------------------------------- library


class FolderState(Message, frozen=True, kw_only=True):
    """A folder as a person sees it. `state` is one of the following.

    syncing, ready, empty (no readable document), stopped (cancelled or interrupted: the next sync
    goes on), offline (not there; what was read is kept) or failed.
    """

    folder_id: str
    name: str
    path: str
    files: int
    indexed: int
    skipped: int
    passages: int
    state: str


class ListFolders(Message, frozen=True, kw_only=True):
    """Ask for all folders; needs no embedder."""

    request_id: str


class Folders(Message, frozen=True, kw_only=True):
    """All folders; sent in answer to ListFolders and whenever one changed (request_id "")."""

    request_id: str
    folders: tuple[FolderState, ...]


class AddFolder(Message, frozen=True, kw_only=True):
    """Add the folder at an absolute `path` (again: sync it) and read what is in it."""

    request_id: str
    path: str


class SyncFolder(Message, frozen=True, kw_only=True):
    """Compare a folder with the disk and read what is new or changed."""

    request_id: str
    folder_id: str


class RemoveFolder(Message, frozen=True, kw_only=True):
    """Forget a folder and everything read from it; its files are not touched."""

    request_id: str
    folder_id: str


class FolderRemoved(Message, frozen=True, kw_only=True):
    """The folder is forgotten."""

    request_id: str
    folder_id: str


class SyncProgress(Message, frozen=True, kw_only=True):
    """At most five a second while a folder is read; `current` is relative, with "/"."""

    request_id: str
    folder_id: str
    done: int
    total: int
    skipped: int
    current: str


class FileSkipped(Message, frozen=True, kw_only=True):
    """A file that gives no answers, and why; `file` is relative, with "/"."""

    request_id: str
    folder_id: str
    file: str
    code: str
    facts: dict[str, str] = {}


class SyncStatistics(Message, frozen=True, kw_only=True):
    """What one sync did; seconds of wall clock, tokens as the embedder counts them."""

    read: int = 0
    unchanged: int = 0
    removed: int = 0
    skipped: int = 0
    words: int = 0
    passages: int = 0
    tokens: int = 0
    seconds: float = 0.0
    seconds_embedding: float = 0.0


class SyncDone(Message, frozen=True, kw_only=True):
    """The folder is in step with the disk."""

    request_id: str
    folder: FolderState
    statistics: SyncStatistics


class ListSkipped(Message, frozen=True, kw_only=True):
    """Ask which files of a folder were skipped and why."""

    request_id: str
    folder_id: str


class SkippedFiles(Message, frozen=True, kw_only=True):
    """The skipped files of a folder, sorted by name."""

    request_id: str
    files: tuple[FileSkipped, ...]


class Search(Message, frozen=True, kw_only=True):
    """Find the `k` passages that best answer `query` in these folders (none given: in all)."""

    request_id: str
    query: str
    folder_ids: tuple[str, ...] = ()
    k: int = 8


class Hit(Message, frozen=True, kw_only=True):
    """One found passage, best first. `page` counts from 1; `start` is its place in `section`.

    `section` is the text around it that a model reads; `content_hash` names the file's bytes.
    `score` lies between 0 and 1 and compares within one search only.
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
    vector_score: float = 0.0
    keyword_score: float = 0.0


class SearchDone(Message, frozen=True, kw_only=True):
    """The hits above the relevance floor; none means that the folders don't hold it."""

    request_id: str
    hits: tuple[Hit, ...]
    seconds: float


class GiveWay(Message, frozen=True, kw_only=True):
    """While `active` the engine is answering: indexing pauses, searches are still answered."""

    active: bool


class DocumentText(Message, frozen=True, kw_only=True):
    """Ask for the text of an indexed file as it was read."""

    request_id: str
    folder_id: str
    file: str


class DocumentPage(Message, frozen=True, kw_only=True):
    """One page (or sheet, slide, chapter) of a file; `number` counts from 1, None: no pages."""

    number: int | None
    heading: str
    text: str


class Document(Message, frozen=True, kw_only=True):
    """An indexed file as it was read, page by page."""

    request_id: str
    file: str
    path: str
    pages: tuple[DocumentPage, ...]


LibraryRequest = (
    ListFolders
    | AddFolder
    | SyncFolder
    | RemoveFolder
    | ListSkipped
    | Search
    | DocumentText
    | GiveWay
    | Cancel
)
LibraryEvent = (
    Hello
    | Folders
    | FolderRemoved
    | SyncProgress
    | FileSkipped
    | SyncDone
    | SkippedFiles
    | SearchDone
    | Document
    | Failed
)


# ---------------------------------------------------------------- extractor


class ExtractFile(Message, frozen=True, kw_only=True):
    """Read the file at an absolute `path`; `raw` holds its bytes where they are no text."""

    request_id: str
    path: str
    raw: bytes = b""


class Extracted(Message, frozen=True, kw_only=True):
    """The text of one file, page by page."""

    request_id: str
    title: str
    pages: tuple[DocumentPage, ...]


ExtractorRequest = ExtractFile
ExtractorEvent = Hello | Extracted | Failed
