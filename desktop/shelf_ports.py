"""The calls the window makes about models and their files, as types; the tests' fake has them."""

from typing import Protocol

from core.app.events_fetch import FetchState
from core.app.events_models import ModelRemoved
from core.app.model_settings import ModelSetting
from core.models.catalog import CatalogModel
from core.models.entry import AdapterEntry
from core.models.fetching import FetchPlan


class ShelfCalls(Protocol):
    """Work on files; what is long returns a request's id."""

    @property
    def folders(self) -> tuple[str, ...]:
        """The folders that are looked through."""

    def add_folder(self, path: str) -> str:
        """Look through a folder from now on. Raises ModelError."""

    def forget_folder(self, path: str) -> None:
        """Look through a folder no more. Raises ModelError."""

    def scan(self) -> str:
        """Look through all folders and other programs' stores."""

    def copy(self, path: str) -> str:
        """Copy a model into the app's own folder. Raises ModelError."""

    def add_adapter(self, path: str) -> AdapterEntry:
        """Put a LoRA adapter on the shelf, where it lies. Raises InglenookError."""

    def remove(self, ref: str) -> ModelRemoved:
        """Trash what is ours, forget what isn't. Raises InglenookError."""

    def cancel(self, request_id: str) -> None:
        """End what is done in the background."""


class ChecksumCalls(Protocol):
    """SHA-256 of files."""

    def verify(self, ref: str) -> tuple[str, ...]:
        """Compute it anew; returns a request's id for each file. Raises ModelError."""

    def all_missing(self) -> None:
        """Compute what is not known, with what the machine has to spare."""

    def state(self, path: str) -> str:
        """Return known, waiting, changing or unknown."""

    def cancel(self, request_id: str) -> None:
        """End one."""


class LoadCalls(Protocol):
    """The model in memory."""

    @property
    def path(self) -> str:
        """Its file, "" for none."""

    def cancel_loading(self) -> bool:
        """Stop loading; returns whether something was."""

    def unload(self) -> bool:
        """Give its memory back; False while it answers."""


class ModelSettingCalls(Protocol):
    """What is set for one model."""

    def all(self, ref: str) -> tuple[ModelSetting, ...]:
        """Return every setting. Raises ModelError."""

    def set(self, ref: str, key: str, text: str) -> ModelSetting:
        """Set what was typed. Raises InglenookError, and nothing changes."""

    def reset(self, ref: str, key: str = "") -> None:
        """Take one back, or all. Raises InglenookError."""


class LadderCalls(Protocol):
    """Levels of models, and the catalog."""

    def catalog(self) -> tuple[CatalogModel, ...]:
        """Return what can be fetched. Raises ModelError."""

    def show(self, ref: str = "", *, context: int = 0) -> str:
        """Ask for a ladder. Raises ModelError for an unknown name."""

    def cancel(self, request_id: str) -> None:
        """Ask no more."""


class LevelCalls(Protocol):
    """Making levels, and measuring them; one at a time."""

    @property
    def busy(self) -> str:
        """The id of what is under way, "" for nothing."""

    def warning(self, ref: str) -> str:
        """Return what to say before something is made of a model. Raises ModelError."""

    def make(
        self, ref: str, level: str, *, matrix: str = "", name: str = "", measure: bool = True
    ) -> str:
        """Begin to make a level. Raises ModelError."""

    def measure(self, ref: str, *, every: bool = False) -> str:
        """Begin to measure. Raises ModelError."""

    def cancel(self, request_id: str) -> None:
        """Stop it."""


class FetchCalls(Protocol):
    """The only part that asks the network for models."""

    @property
    def host(self) -> str:
        """Who would be asked. Raises NetworkError."""

    def all(self) -> tuple[FetchState, ...]:
        """Return every fetch of this session, and those that aren't done."""

    def plan(self, wish: str) -> str:
        """Find out what a wish means. Raises NetworkError."""

    def cancel(self, request_id: str) -> None:
        """Stop finding out."""

    def begin(self, plan: FetchPlan) -> str:
        """Fetch; returns the fetch's id. Raises StorageError."""

    def pause(self, fetch_id: str) -> None:
        """Stop; what is here is kept."""

    def resume(self, fetch_id: str) -> str:
        """Go on. Raises NetworkError."""

    def drop(self, fetch_id: str) -> None:
        """Stop, and remove what is here. Raises StorageError."""


class ShelfFront(Protocol):
    """All of it."""

    @property
    def shelf(self) -> ShelfCalls:
        """Work on files."""

    @property
    def checksums(self) -> ChecksumCalls:
        """SHA-256 of files."""

    @property
    def loads(self) -> LoadCalls:
        """The model in memory."""

    @property
    def model_settings(self) -> ModelSettingCalls:
        """What is set for one model."""

    @property
    def ladders(self) -> LadderCalls:
        """Levels, and the catalog."""

    @property
    def levels(self) -> LevelCalls:
        """Making and measuring levels."""

    @property
    def fetches(self) -> FetchCalls:
        """What is fetched."""
