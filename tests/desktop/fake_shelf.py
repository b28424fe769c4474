"""The fake application's desks for work on files: shelf, checksums, levels, settings, fetches."""

from msgspec import structs

from core.app.events import ModelsChanged
from core.app.events_fetch import FetchesChanged, FetchMoved, FetchPlanned, FetchState
from core.app.events_models import ModelRemoved
from core.app.model_options import OPTIONS
from core.app.model_settings import ModelSetting
from core.errors import Code, StorageError
from core.messages import WantedFile
from core.models.catalog import CatalogModel, load_catalog
from core.models.entry import AdapterEntry, Origin
from core.models.fetching import FetchPlan
from core.words import _
from tests.desktop.fake_models import FakeModels

PLAN = FetchPlan(
    fetch_id="fetch-1",
    wish="qwen3-4b:Q4_K_M",
    host="hub.example",
    endpoint="https://hub.example",
    repository="unsloth/Qwen3-4B-GGUF",
    commit="main",
    files=(
        WantedFile(
            name="Qwen3-4B-Q4_K_M.gguf",
            target="/models/Qwen3-4B-Q4_K_M.gguf",
            size=2_497_281_120,
            digest="sha256:" + "ab" * 32,
        ),
    ),
    licence="Apache-2.0",
)


class FakeShelf:
    """Folders, and what is copied or removed."""

    def __init__(self, fake: FakeModels) -> None:
        self._fake = fake
        self.folders: tuple[str, ...] = ()

    def add_folder(self, path: str) -> str:
        request = self._fake.request("add_model_folder", path)
        self.folders += (path,)
        return request

    def forget_folder(self, path: str) -> None:
        self._fake.request("forget_model_folder", path)
        self.folders = tuple(each for each in self.folders if each != path)

    def scan(self) -> str:
        return self._fake.request("scan_models")

    def copy(self, path: str) -> str:
        return self._fake.request("copy_model", path)

    def add_adapter(self, path: str) -> AdapterEntry:
        self._fake.request("add_adapter", path)
        return self._fake.adapters_beside[0]

    def remove(self, ref: str) -> ModelRemoved:
        self._fake.request("remove_model", ref)
        entry = next((each for each in self._fake.on_shelf if each.ref == ref), None)
        self._fake.on_shelf = [each for each in self._fake.on_shelf if each.ref != ref]
        self._fake.adapters_beside = [
            each for each in self._fake.adapters_beside if each.ref != ref
        ]
        self._fake.emit(ModelsChanged())
        trashed = entry is not None and entry.origin == Origin.OWN
        return ModelRemoved(ref=ref, path="", trashed=trashed)

    def cancel(self, request_id: str) -> None:
        self._fake.calls.append(("cancel_shelf", request_id))


class FakeChecksums:
    """Nothing is computed by itself."""

    def __init__(self, fake: FakeModels) -> None:
        self._fake = fake

    def verify(self, ref: str) -> tuple[str, ...]:
        return (self._fake.request("verify_model", ref),)

    def all_missing(self) -> None:
        self._fake.calls.append(("missing_checksums",))

    def state(self, path: str) -> str:
        return "unknown"

    def cancel(self, request_id: str) -> None:
        self._fake.calls.append(("cancel_checksum", request_id))


class FakeLoads:
    """What is said of the model in memory."""

    path = ""

    def __init__(self, fake: FakeModels) -> None:
        self._fake = fake

    def cancel_loading(self) -> bool:
        self._fake.calls.append(("cancel_loading",))
        return True

    def unload(self) -> bool:
        self._fake.calls.append(("unload",))
        return True


class FakeModelSettings:
    """Settings in memory; everything is taken but “nonsense”."""

    def __init__(self, fake: FakeModels) -> None:
        self._fake = fake
        self.kept: dict[str, str] = {}

    def all(self, ref: str) -> tuple[ModelSetting, ...]:
        return tuple(
            ModelSetting(
                key=option.key,
                label=_(option.label),
                help=_(option.help),
                value=self.kept.get(option.key, option.choices[0] if option.choices else ""),
                default="",
                source="model" if option.key in self.kept else "settings",
                choices=option.choices,
                minimum=option.minimum,
                maximum=option.maximum,
            )
            for option in OPTIONS
        )

    def set(self, ref: str, key: str, text: str) -> ModelSetting:
        self._fake.request("set_for_model", ref, key, text)
        if text == "nonsense":
            raise StorageError(
                Code.SETTING_REFUSED, key=key, value=text, allowed="a whole number from 0 to 9"
            )
        self.kept[key] = text
        return next(each for each in self.all(ref) if each.key == key)

    def reset(self, ref: str, key: str = "") -> None:
        self._fake.request("reset_for_model", ref, key)
        self.kept = {each: text for each, text in self.kept.items() if key and each != key}


class FakeLadders:
    """The real catalog; a ladder comes when a test says so."""

    def __init__(self, fake: FakeModels) -> None:
        self._fake = fake

    def catalog(self) -> tuple[CatalogModel, ...]:
        self._fake.refuse()
        return load_catalog()

    def show(self, ref: str = "", *, context: int = 0) -> str:
        return self._fake.request("show_ladder", ref)

    def cancel(self, request_id: str) -> None:
        self._fake.calls.append(("cancel_ladder", request_id))


class FakeLevels:
    """Work on levels."""

    busy = ""

    def __init__(self, fake: FakeModels) -> None:
        self._fake = fake
        self.warned = ""

    def warning(self, ref: str) -> str:
        return self.warned

    def make(
        self, ref: str, level: str, *, matrix: str = "", name: str = "", measure: bool = True
    ) -> str:
        return self._fake.request("make_level", ref, level, matrix, measure)

    def measure(self, ref: str, *, every: bool = False) -> str:
        return self._fake.request("measure_level", ref)

    def cancel(self, request_id: str) -> None:
        self._fake.calls.append(("cancel_level", request_id))


class FakeFetches:
    """Fetches as a test tells them."""

    host = "hub.example"

    def __init__(self, fake: FakeModels) -> None:
        self._fake = fake
        self.states: dict[str, FetchState] = {}

    def all(self) -> tuple[FetchState, ...]:
        return tuple(self.states.values())

    def plan(self, wish: str) -> str:
        return self._fake.request("plan_fetch", wish)

    def planned(self, plan: FetchPlan = PLAN) -> None:
        """The host has told what the last wish means."""
        request_id = f"request-{len(self._fake.calls)}"
        self._fake.emit(FetchPlanned(request_id=request_id, plan=plan))

    def cancel(self, request_id: str) -> None:
        self._fake.calls.append(("cancel_plan", request_id))

    def begin(self, plan: FetchPlan) -> str:
        self._fake.request("begin_fetch", plan.name)
        self.states[plan.fetch_id] = FetchState(plan=plan, state="fetching")
        self._fake.emit(FetchesChanged())
        return plan.fetch_id

    def move(self, fetch_id: str = PLAN.fetch_id, **changes: object) -> None:
        """Tell how a fetch goes on."""
        state = self.states[fetch_id] = structs.replace(self.states[fetch_id], **changes)
        self._fake.emit(FetchMoved(fetch=state))

    def pause(self, fetch_id: str) -> None:
        self._fake.calls.append(("pause_fetch", fetch_id))
        self.move(fetch_id, state="paused")

    def resume(self, fetch_id: str) -> str:
        self._fake.request("resume_fetch", fetch_id)
        self.move(fetch_id, state="fetching", problem=None)
        return fetch_id

    def drop(self, fetch_id: str) -> None:
        self._fake.request("drop_fetch", fetch_id)
        del self.states[fetch_id]
        self._fake.emit(FetchesChanged())


class FakeShelfDesks(FakeModels):
    """All of them, beside the shelf itself."""

    def __init__(self) -> None:
        super().__init__()
        self.shelf = FakeShelf(self)
        self.checksums = FakeChecksums(self)
        self.loads = FakeLoads(self)
        self.model_settings = FakeModelSettings(self)
        self.ladders = FakeLadders(self)
        self.levels = FakeLevels(self)
        self.fetches = FakeFetches(self)
