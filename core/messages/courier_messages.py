"""Messages between the front end and the courier child, the only one that may use the internet."""

from typing import Never

from msgspec import Struct

from core.messages.common_messages import Cancel, Failed, FinalMessage, Hello, Message, Request
from core.messages.engine_messages import AnswerChunk, AnswerDone, ThinkingChunk


class HubFile(Struct, frozen=True, kw_only=True):
    """A file of a repository as the hub lists it; `size` in bytes.

    `digest` proves its content: "sha256:…" for large files, "git:…" (the blob's id) for small ones.
    """

    name: str
    size: int
    digest: str


class ListRepository(Request[Never, "RepositoryListed"], frozen=True, kw_only=True):
    """Ask the hub at `endpoint` which files `repository` holds; RepositoryListed answers."""

    endpoint: str
    repository: str
    revision: str = "main"
    patience: float = 0.5
    """Seconds before another try when the hub is in trouble; they double each time."""


class RepositoryListed(FinalMessage, frozen=True, kw_only=True):
    """The files of a repository; `commit` pins what was seen, `gated` is why some may not fetch."""

    repository: str
    commit: str
    files: tuple[HubFile, ...]
    licence: str = ""
    gated: bool = False


class DownloadTarget(Struct, frozen=True, kw_only=True):
    """A file to fetch: its name in the repository, and the path it gets here when it is whole."""

    name: str
    target: str
    size: int
    digest: str


class DownloadFiles(Request["TransferProgress", "FilesDownloaded"], frozen=True, kw_only=True):
    """Fetch files, going on where an earlier try ended; Fetched answers, Cancel pauses.

    They are renamed together when all are proven. `patience` in seconds is the first wait before
    another try; it doubles each time.
    """

    endpoint: str
    repository: str
    commit: str
    files: tuple[DownloadTarget, ...]
    connections: int = 4
    patience: float = 0.5


class TransferProgress(Message, frozen=True, kw_only=True):
    """How far a fetch is, in bytes; at most five a second. `checked` were read back and hashed."""

    request_id: str
    done: int
    total: int
    checked: int
    bytes_per_second: float


class FilesDownloaded(FinalMessage, frozen=True, kw_only=True):
    """All files are there, whole and proven; `received` bytes came this time."""

    received: int


class SaveKey(Request[Never, "KeySaved"], frozen=True, kw_only=True):
    """Put a key into the system's key store under `name`, "" forgets it; KeySaved answers."""

    name: str
    key: str


class KeySaved(FinalMessage, frozen=True, kw_only=True):
    """The key store did what SaveKey asked."""


class CheckUpdate(Request[Never, "UpdateChecked"], frozen=True, kw_only=True):
    """Ask once whether there is a newer version; `public_key` is Ed25519, in hex."""

    address: str
    public_key: str
    version: str


class UpdateChecked(FinalMessage, frozen=True, kw_only=True):
    """What the signed manifest says; `newer` is "" when there is nothing newer."""

    newer: str
    page: str = ""
    notes: str = ""


class RemoteServer(Struct, frozen=True, kw_only=True):
    """One address of an OpenAI-compatible server; `key_name` names its key in the key store."""

    address: str
    key_name: str = ""


class RemoteMessage(Struct, frozen=True, kw_only=True):
    """One message as the server gets it."""

    role: str
    content: str


class ListServerModels(Request[Never, "ServerModels"], frozen=True, kw_only=True):
    """Ask a server what it offers; ServerModels answers."""

    server: RemoteServer


class ServerModel(Struct, frozen=True, kw_only=True):
    """A model of a server; `context` in tokens, 0 where the server doesn't say."""

    name: str
    context: int = 0


class ServerModels(FinalMessage, frozen=True, kw_only=True):
    """What a server offers, and how long it took to say so."""

    models: tuple[ServerModel, ...]
    seconds: float


class AskServer(
    Request["ServerChosen | AnswerChunk | ThinkingChunk", "AnswerDone"], frozen=True, kw_only=True
):
    """Have a server answer; Chunk…, Thought…, then AnswerDone or Failed come, as from the engine.

    Of several `servers` the one with the least to do answers; when it dies in between, another one
    begins the answer again (ServerChanged). `parameters` is the JSON object with the sampling.
    """

    servers: tuple[RemoteServer, ...]
    model: str
    messages: tuple[RemoteMessage, ...]
    parameters: str = "{}"
    patience: float = 0.5


class ServerChosen(Message, frozen=True, kw_only=True):
    """`address` answers. `instead_of` died in between: the answer begins again, or is begun at all.

    `begun_again`: what was written until now is void.
    """

    request_id: str
    address: str
    instead_of: str = ""
    begun_again: bool = False


CourierRequest = (
    ListRepository | DownloadFiles | SaveKey | CheckUpdate | ListServerModels | AskServer | Cancel
)
CourierEvent = (
    Hello
    | RepositoryListed
    | TransferProgress
    | FilesDownloaded
    | KeySaved
    | UpdateChecked
    | ServerModels
    | ServerChosen
    | ThinkingChunk
    | AnswerChunk
    | AnswerDone
    | Failed
)
