"""The calls the window makes, as a type: core.app.App has them, and so has the tests' fake."""

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from core.app.events import AnswerStarted, AppEvent
from core.chat.conversation import ChatSummary, Conversation
from core.chat.manner import AS_SET, Manner
from core.engine.packs import Pack
from core.library.file_requests import FilePlace
from core.messages import Adapter, Device, FolderState
from core.models.entry import AdapterEntry, ModelEntry
from core.paths import Paths
from core.settings import Settings
from desktop.chat_ports import (
    ArrangingCalls,
    ChatDeskCalls,
    ComparisonCalls,
    DraftStore,
    PromptStore,
    SearchStore,
)
from desktop.server_ports import KeyCalls, RoutingCalls, ServerCalls
from desktop.shelf_ports import ShelfFront
from desktop.turn_ports import TurnCalls


class WrongSourceCalls(Protocol):
    """What a person says of sources that don't support an answer."""

    def of(self, turn_id: str) -> frozenset[int]:
        """Return the numbers of an answer's sources that are said to be wrong."""

    def mark(self, turn_id: str, n: int, *, wrong: bool) -> bool:
        """Keep or take back what is said; False if the answer is not on disk."""


class ChatStore(Protocol):
    """The saved chats; every call is quick."""

    @property
    def drafts(self) -> DraftStore:
        """What was typed and not sent."""

    @property
    def prompts(self) -> PromptStore:
        """The prompts."""

    @property
    def search(self) -> SearchStore:
        """The words of all chats."""

    @property
    def wrong_sources(self) -> WrongSourceCalls:
        """What is said of wrong sources."""

    def list(self) -> tuple[ChatSummary, ...]:
        """Return all chats, the latest first."""

    def load(self, chat_id: str) -> Conversation:
        """Return one chat with all its turns. Raises StorageError."""

    def rename(self, chat_id: str, title: str) -> None:
        """Give a chat another title. Raises StorageError."""


class ChatCalls(Protocol):
    """What is asked about chats and answers."""

    @property
    def chats(self) -> ChatStore:
        """The saved chats."""

    @property
    def chat_desk(self) -> ChatDeskCalls:
        """What is done with whole chats."""

    @property
    def arranging(self) -> ArrangingCalls:
        """The arrangement of their list."""

    @property
    def turns(self) -> TurnCalls:
        """What is done with single turns."""

    @property
    def comparing(self) -> ComparisonCalls:
        """One question to several."""

    @property
    def answering(self) -> tuple[str, ...]:
        """The turns that are being answered."""

    @property
    def adapters(self) -> "AdapterCalls":
        """LoRA adapters."""

    def ask(  # noqa: PLR0913 - one word for each thing a person may wish
        self,
        text: str,
        *,
        chat_id: str | None = None,
        folder_ids: tuple[str, ...] = (),
        files: tuple[str, ...] = (),
        model: str = "",
        adapters: tuple[Adapter, ...] | None = None,
        when_full: str = "",
        temporary: bool = False,
        manner: Manner = AS_SET,
    ) -> AnswerStarted:
        """Save a question and start its answer. Raises InglenookError when nothing was saved."""

    def stop_answer(self, turn_id: str | None = None) -> None:
        """Stop an answer, whatever it is doing; all of them without an id."""


class AdapterCalls(Protocol):
    """What is asked about adapters before a question goes through them."""

    def holds(self, path: str) -> bool:
        """Whether a GGUF file says that it is an adapter."""

    def beside(self, path: str) -> tuple[AdapterEntry, ...]:
        """Return the adapters on the shelf that the model in a file can have."""

    def take(self, path: str) -> Adapter:
        """Return the adapter in a file. Raises ModelError if the chosen model can't have it."""


class FolderCalls(Protocol):
    """What is asked about folders and their documents; most return a request's id."""

    @property
    def known(self) -> tuple[FolderState, ...]:
        """All folders as last heard."""

    def add(self, path: str) -> str:
        """Add a folder (again: sync it)."""

    def sync(self, folder_id: str, *, retry: bool = False, file: str = "") -> str:
        """Compare a folder with the disk; `retry`: read skipped files again too, or one `file`."""

    def pause(self, folder_ids: tuple[str, ...], *, paused: bool) -> str:
        """Pause or resume folders, all if none is given."""

    def include(self, folder_id: str, patterns: tuple[str, ...], *, hidden: bool) -> str:
        """Say what of a folder is read though it is passed over elsewhere."""

    def verify(self) -> str:
        """Check what was read, and mend it."""

    def choose_embedder(self, path: str) -> str:
        """Let another model embed; "" is the one that ships."""

    def remove(self, folder_id: str) -> str:
        """Forget a folder."""

    def search(self, query: str, folder_ids: tuple[str, ...] = (), k: int = 8) -> str:
        """Search folders (none: all); SearchFinished answers."""

    def list_skipped(self, folder_id: str) -> str:
        """Ask for the skipped files."""

    def cancel(self, request_id: str) -> None:
        """Stop working on a request."""


class ViewingCalls(Protocol):
    """What is asked about single documents; most return a request's id."""

    def prepare(self) -> None:
        """Somebody may look at a page soon."""

    def open_document(self, folder_id: str, file: str) -> str:
        """Ask for the text of a file of a folder."""

    def read_file(self, path: str) -> str:
        """Read a file that no folder needs to hold."""

    def render_page(
        self,
        place: FilePlace,
        page: int,
        *,
        width: int = 1000,
        text: str = "",
        recognize: bool = False,
        sizes: bool = False,
    ) -> str:
        """Ask for the picture of a page, and the places of `text` on it."""

    def read_letters(self, place: FilePlace, page: int, *, recognize: bool = False) -> str:
        """Ask where each letter of a page stands."""

    def list_files(self, folder_id: str, words: str = "", limit: int = 500) -> str:
        """Ask for the files of a folder, those read last first."""

    def cancel(self, request_id: str) -> None:
        """Drop a request."""


class ModelCalls(Protocol):
    """What is asked about models."""

    def all(self) -> tuple[ModelEntry, ...]:
        """Return the files on the shelf."""

    def chosen(self) -> ModelEntry | None:
        """Return the model that answers."""

    def choose(self, ref: str) -> ModelEntry:
        """Let another model answer. Raises ModelError."""

    def add(self, path: str, *, anyway: bool = False) -> ModelEntry:
        """Put a GGUF file on the shelf, where it lies. Raises ModelError.

        `anyway` lets its architecture be unknown, from now on.
        """

    def retry(self, ref: str) -> ModelEntry:
        """Take a file that was put aside back into use. Raises ModelError."""

    def forget(self, ref: str) -> None:
        """Take a file off the shelf; the file stays."""


class PlanCalls(Protocol):
    """What is known of the machine."""

    @property
    def devices(self) -> tuple[Device, ...]:
        """Its processors and graphics cards as last seen, none before that."""


class UpdateCalls(Protocol):
    """What is asked about newer versions."""

    @property
    def address(self) -> str:
        """Where would be asked, to be shown before it is. Raises NetworkError for none."""

    def check(self) -> str:
        """Ask once: UpdateKnown or RequestFailed carries the returned id. Raises NetworkError."""


class PackCalls(Protocol):
    """What is asked of `core.app.devices.DeviceDesk`."""

    def install_pack(self, path: Path, sha256: str = "") -> Pack:
        """Add a pack. Raises InglenookError; then nothing has changed."""

    def retry(self) -> None:
        """Let every card be used again."""


class Front(ChatCalls, ShelfFront, Protocol):
    """All of it; answers come as events to the listeners, from `pump`."""

    @property
    def folders(self) -> FolderCalls:
        """Folders and their documents."""

    @property
    def viewing(self) -> ViewingCalls:
        """Single documents."""

    @property
    def models(self) -> ModelCalls:
        """The shelf."""

    @property
    def servers(self) -> ServerCalls:
        """Servers of the person's own."""

    @property
    def routing(self) -> RoutingCalls:
        """Who answers."""

    @property
    def keys(self) -> KeyCalls:
        """Keys and tokens."""

    @property
    def updates(self) -> UpdateCalls:
        """Newer versions."""

    @property
    def plans(self) -> PlanCalls:
        """The machine."""

    @property
    def devices(self) -> PackCalls:
        """Its graphics cards."""

    @property
    def paths(self) -> Paths:
        """Where everything of this root lies."""

    @property
    def settings(self) -> Settings:
        """The settings of this root."""

    def subscribe(self, listener: Callable[[AppEvent], None]) -> Callable[[], None]:
        """Tell `listener` every event from now on, until the result is called."""

    def warm_up(self) -> None:
        """Start the children in the background."""

    def close(self) -> None:
        """Save, stop the children, let go of the root."""

    def pump(self) -> None:
        """Tell the listeners what has come in."""

    def check_spool(self) -> None:
        """Take what second starts have handed over; OpenRequested follows."""


class OpenableFront(Front, Protocol):
    """A front before it is open."""

    def open(self) -> None:
        """Own the root and what is in it. Raises StorageError."""
