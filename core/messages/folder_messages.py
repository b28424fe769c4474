"""Messages between the front end and the library child about folders and their sync."""

from typing import Never

from msgspec import field

from core.messages.common_messages import FinalMessage, Message, Request


class FolderState(Message, frozen=True, kw_only=True):
    """A folder as a person sees it. `state` is one of the following.

    syncing, ready, empty (no readable document), paused, stopped (somebody cancelled it), waiting
    (files are left to read: it was interrupted, or they would be read better now; the next sync
    goes on after either), offline (not there; what was read is kept) or failed.

    `waiting` files were found and are still to be read, `changes` were noticed and are still to be
    compared; `synced` says when the folder was last in
    step, in seconds since 1970. `watched` is live (the system tells of changes), polled (compared
    every few minutes) or "" (not watched now). `hidden`: hidden parts are read too; `included` are
    patterns of parts that are read though they are passed over elsewhere.
    """

    folder_id: str
    name: str
    path: str
    files: int
    indexed: int
    skipped: int
    passages: int
    state: str
    waiting: int = 0
    changes: int = 0
    synced: float | None = None
    watched: str = ""
    hidden: bool = False
    included: tuple[str, ...] = ()

    @property
    def is_in_step(self) -> bool:
        """Whether nothing that is known to have changed waits to be read."""
        return self.state != "syncing" and not (self.waiting or self.changes)


class ListFolders(Request[Never, "FoldersListed"], frozen=True, kw_only=True):
    """Ask for all folders; needs no embedder."""


class FoldersListed(FinalMessage, frozen=True, kw_only=True):
    """All folders; sent in answer to ListFolders and whenever one changed (request_id "")."""

    folders: tuple[FolderState, ...]


class AddFolder(Request["SyncProgress | FileSkipped", "SyncDone"], frozen=True, kw_only=True):
    """Add the folder at an absolute `path` (again: sync it) and read what is in it.

    `raw` holds the path's bytes where they are no text; `path` is then what a person reads.
    `hidden`: hidden parts of it are read too, from now on.
    """

    path: str
    raw: bytes = b""
    hidden: bool = False


class SyncFolder(Request["SyncProgress | FileSkipped", "SyncDone"], frozen=True, kw_only=True):
    """Compare a folder with the disk and read what is new or changed.

    `retry`: also read once more what was skipped, only the file `file` if one is named.
    """

    folder_id: str
    retry: bool = False
    file: str = ""


class WatchFolders(Message, frozen=True, kw_only=True):
    """From now on compare every folder with the disk and watch it."""


class PauseFolders(Request[Never, "FoldersListed"], frozen=True, kw_only=True):
    """Read nothing in these folders (none given: in all) until they are resumed; Folders answers.

    It holds over restarts; a paused folder is still searched.
    """

    paused: bool
    folder_ids: tuple[str, ...]


class SetFolderInclusions(Request[Never, "FoldersListed"], frozen=True, kw_only=True):
    """Say which parts of a folder are read though they are passed over elsewhere; Folders answers.

    `patterns` are shell patterns ("node_modules", ".config/*") of a name or a relative path.
    """

    folder_id: str
    hidden: bool
    patterns: tuple[str, ...]


class RemoveFolder(Request[Never, "FolderRemoved"], frozen=True, kw_only=True):
    """Forget a folder and everything read from it; its files are not touched."""

    folder_id: str


class FolderRemoved(FinalMessage, frozen=True, kw_only=True):
    """The folder is forgotten."""

    folder_id: str


class SyncProgress(Message, frozen=True, kw_only=True):
    """At most five a second while a folder is read; `current` is relative, with "/".

    `part` is the share of `current` that is done, 0 to 1; it moves while a long file is embedded.
    `seconds_left` comes from the speed measured so far; None until there is one.
    """

    request_id: str
    folder_id: str
    done: int
    total: int
    skipped: int
    current: str
    part: float = 0.0
    seconds_left: float | None = None


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


class SyncDone(FinalMessage, frozen=True, kw_only=True):
    """The folder is in step with the disk."""

    folder: FolderState
    statistics: SyncStatistics


class ListSkipped(Request[Never, "SkippedFiles"], frozen=True, kw_only=True):
    """Ask which files of a folder were skipped and why."""

    folder_id: str


class SkippedFiles(FinalMessage, frozen=True, kw_only=True):
    """The skipped files of a folder, sorted by name."""

    files: tuple[FileSkipped, ...]


class ListFiles(Request[Never, "FilesListed"], frozen=True, kw_only=True):
    """Ask for the files of a folder, those read last first; at most `limit`.

    `words`: only files whose names hold all of them. Skipped files are ListSkipped's.
    """

    folder_id: str
    words: str = ""
    limit: int = 500


class FolderFile(Message, frozen=True, kw_only=True):
    """A file of a folder; `file` is relative, with "/". `waiting`: it is still to be read.

    `modified` and `read` in seconds since 1970; `read` is None for what an older version read.
    """

    file: str
    size: int
    modified: float
    read: float | None = None
    waiting: bool = False


class FilesListed(FinalMessage, frozen=True, kw_only=True):
    """Files of a folder; `total` counts all that were asked for, also those beyond the limit."""

    folder_id: str
    files: tuple[FolderFile, ...]
    total: int


class QueryFiles(Request[Never, "FilesFound"], frozen=True, kw_only=True):
    """Ask which files of these folders fit; at most `limit` are named, all are counted.

    A file fits if its name, its folders or its title hold all `words`; others whose text holds
    them are counted apart. `types` are endings without the dot; `since` and `until` bound the last
    change, in seconds since 1970. `order` is name, newest, oldest, largest or smallest.
    `unreadable`: those that could not be read instead of those that were or are still to be.
    """

    folder_ids: tuple[str, ...]
    words: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    since: float | None = None
    until: float | None = None
    order: str = "name"
    unreadable: bool = False
    limit: int = 20


class FoundFile(Message, frozen=True, kw_only=True):
    """A file as QueryFiles finds it. `file` is relative with "/", `modified` in seconds since 1970.

    `title` is its first heading, `text` its first passage, or that with the words; `words` counts
    all of its text; `code` and `facts` say why it could not be read. `mentions`: only its text
    holds the words.
    """

    folder_id: str
    folder: str
    file: str
    path: str
    size: int
    modified: float
    title: str = ""
    text: str = ""
    page: int | None = None
    content_hash: str = ""
    words: int = 0
    code: str = ""
    facts: dict[str, str] = field(default_factory=dict)
    mentions: bool = False


class FilesFound(FinalMessage, frozen=True, kw_only=True):
    """The files that fit, in order, then those that only mention the words.

    `total` and `mentions` count both kinds, `types` the first by ending. Of all files of the
    folders, `skipped` could not be read; `unread_files` are still to be, with the changes that
    were noticed only, UNKNOWN_COUNT while a folder is being listed.
    """

    files: tuple[FoundFile, ...]
    total: int
    mentions: int
    types: dict[str, int]
    skipped: int
    unread_files: int = 0


class FingerprintFolders(Request[Never, "FoldersFingerprinted"], frozen=True, kw_only=True):
    """Ask for a hash of what is found in these folders (none given: in all)."""

    folder_ids: tuple[str, ...]


class FoldersFingerprinted(FinalMessage, frozen=True, kw_only=True):
    """The hash: it is another one whenever a search of the folders could find otherwise."""

    fingerprint: str


SyncRequest = AddFolder | SyncFolder
FolderRequest = (
    SyncRequest
    | ListFolders
    | WatchFolders
    | PauseFolders
    | SetFolderInclusions
    | RemoveFolder
    | ListSkipped
    | ListFiles
    | QueryFiles
    | FingerprintFolders
)
FolderEvent = (
    FoldersListed
    | FolderRemoved
    | SyncProgress
    | FileSkipped
    | SyncDone
    | SkippedFiles
    | FilesListed
    | FilesFound
    | FoldersFingerprinted
)
