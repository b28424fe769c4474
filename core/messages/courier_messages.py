"""Messages between the front end and the courier, the only child that uses the internet."""

from typing import Never

from msgspec import Struct

from core.messages.common_messages import (
    NO_SECRET,
    Cancel,
    Failed,
    FinalMessage,
    Hello,
    Message,
    Request,
    Secret,
)
from core.messages.engine_messages import AnswerChunk, AnswerDone, ThinkingChunk


class HubFile(Struct, frozen=True, kw_only=True):
    """A file of a repository as the hub lists it; `size` in bytes.

    `digest` verifies it: "sha256:…" of a large file, "git:…" (the blob's id) of a small one.
    """

    name: str
    size: int
    digest: str


class ListRepository(Request[Never, "RepositoryListed"], frozen=True, kw_only=True):
    """List the files of `repository` on the hub at `endpoint`."""

    endpoint: str
    repository: str
    revision: str = "main"
    patience: float = 0.5
    """Seconds before the next try when the hub has a temporary problem; they double each time."""
    token: Secret = NO_SECRET
    """The person's access token of this hub; the client of the courier puts it in."""


class RepositoryListed(FinalMessage, frozen=True, kw_only=True):
    """The files of a repository at `commit`; `gated`: its licence has to be accepted first."""

    repository: str
    commit: str
    files: tuple[HubFile, ...]
    licence: str = ""
    gated: bool = False


class DownloadTarget(Struct, frozen=True, kw_only=True):
    """A file to download: its name in the repository, and its path here when it is complete."""

    name: str
    target: str
    size: int
    digest: str


class DownloadFiles(Request["TransferProgress", "FilesDownloaded"], frozen=True, kw_only=True):
    """Download files, resuming an earlier try; Cancel pauses.

    They are renamed together when all are verified. `patience` in seconds is the first wait before
    another try; it doubles each time.
    """

    endpoint: str
    repository: str
    commit: str
    files: tuple[DownloadTarget, ...]
    connections: int = 4
    patience: float = 0.5
    token: Secret = NO_SECRET
    """The person's access token of this hub; the client of the courier puts it in."""


class TransferProgress(Message, frozen=True, kw_only=True):
    """Bytes of a download, at most five times a second; `checked` are read back and hashed."""

    request_id: str
    done: int
    total: int
    checked: int
    bytes_per_second: float


class FilesDownloaded(FinalMessage, frozen=True, kw_only=True):
    """All files are complete and verified; `received` bytes came this time."""

    received: int


class CheckUpdate(Request[Never, "UpdateChecked"], frozen=True, kw_only=True):
    """Ask once whether there is a newer version; `public_key` is Ed25519, in hex.

    News that were signed before `issued` (seconds since the epoch) are refused.
    """

    address: str
    public_key: str
    version: str
    issued: int


class UpdateChecked(FinalMessage, frozen=True, kw_only=True):
    """The content of the signed manifest; `newer` is the newer version, "" if there is none.

    `issued` is when it was signed, in seconds since the epoch; 0 where it doesn't say.
    """

    newer: str
    page: str = ""
    notes: str = ""
    issued: int = 0


class RemoteServer(Struct, frozen=True, kw_only=True):
    """One address of an OpenAI-compatible server."""

    address: str


class RemoteMessage(Struct, frozen=True, kw_only=True):
    """One message of a chat as it is sent to a server."""

    role: str
    content: str


class ListServerModels(Request[Never, "ServerModels"], frozen=True, kw_only=True):
    """Ask a server which models it offers; `key_name` names its key, "" for none."""

    server: RemoteServer
    key_name: str = ""
    key: Secret = NO_SECRET
    """The client of the courier puts it in."""


class ServerModel(Struct, frozen=True, kw_only=True):
    """A model of a server; `context` in tokens, 0 where the server doesn't say."""

    name: str
    context: int = 0


class ServerModels(FinalMessage, frozen=True, kw_only=True):
    """The models that a server offers, and the seconds until it answered."""

    models: tuple[ServerModel, ...]
    seconds: float


class AskServer(
    Request["ServerChosen | AnswerChunk | ThinkingChunk", "AnswerDone"], frozen=True, kw_only=True
):
    """Let a server answer the last of `messages`; a cancelled request ends with AnswerDone.

    Of several `servers` the least busy one answers; when it fails, another one starts the answer
    again (ServerChosen). `parameters` is the JSON object with the sampling. `patience` in seconds
    is the first wait before another try of the same server; it doubles each time. `key_name` names
    the key of them all, "" for none.
    """

    servers: tuple[RemoteServer, ...]
    model: str
    messages: tuple[RemoteMessage, ...]
    parameters: str = "{}"
    patience: float = 0.5
    key_name: str = ""
    key: Secret = NO_SECRET
    """The client of the courier puts it in."""


class ServerChosen(Message, frozen=True, kw_only=True):
    """The server at `address` answers now, because `instead_of` failed unless that is "".

    `begun_again`: the text that has come until now is void.
    """

    request_id: str
    address: str
    instead_of: str = ""
    begun_again: bool = False


CourierRequest = (
    ListRepository | DownloadFiles | CheckUpdate | ListServerModels | AskServer | Cancel
)
CourierEvent = (
    Hello
    | RepositoryListed
    | TransferProgress
    | FilesDownloaded
    | UpdateChecked
    | ServerModels
    | ServerChosen
    | ThinkingChunk
    | AnswerChunk
    | AnswerDone
    | Failed
)
