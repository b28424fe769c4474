"""Between the front end and the library child: folders, searches, documents."""

from msgspec import field

from core.messages.common import Cancel, Failed, Hello, Message


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
    """Add the folder at an absolute `path` (again: sync it) and read what is in it.

    `raw` holds the path's bytes where they are no text; `path` is then what a person reads.
    """

    request_id: str
    path: str
    raw: bytes = b""


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
    """At most five a second while a folder is read; `current` is relative, with "/".

    `part` is the share of `current` that is done, 0 to 1; it moves while a long file is embedded.
    """

    request_id: str
    folder_id: str
    done: int
    total: int
    skipped: int
    current: str
    part: float = 0.0


class FileSkipped(Message, frozen=True, kw_only=True):
    """A file that gives no answers, and why; `file` is relative, with "/"."""

    request_id: str
    folder_id: str
    file: str
    code: str
    facts: dict[str, str] = field(default_factory=dict)


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
    `score` lies between 0 and 1 and compares within one search only; `folder` is the folder's name.
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
    folder: str = ""


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
