"""The fake application's desks for work on files: shelf, checksums, levels, settings, fetches."""

from typing import Any, Never

from msgspec import structs

from core.app.events.app_events import ModelsChanged
from core.app.events.download_events import (
    DownloadChanged,
    DownloadListChanged,
    DownloadState,
)
from core.app.models.checksum_service import VerifiedChecksum
from core.app.models.model_file_service import RemovedModel, Scan
from core.app.models.model_setting_options import OPTIONS
from core.app.models.model_settings_service import ModelSetting
from core.base.errors import ErrorCode, StorageError
from core.base.i18n import _
from core.ipc.reply import Reply
from core.messages import DownloadTarget
from core.models.downloads.download_plan import DownloadPlan
from core.models.files.byte_progress import ByteProgress
from core.models.info.model_entry import AdapterEntry, ModelEntry, ModelOrigin
from core.models.model_catalog import CatalogModel, load_catalog
from tests.desktop.fake_models import FakeModels

PLAN = DownloadPlan(
    download_id="fetch-1",
    request="qwen3-4b:Q4_K_M",
    host="hub.example",
    endpoint="https://hub.example",
    repository="unsloth/Qwen3-4B-GGUF",
    commit="main",
    files=(
        DownloadTarget(
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
        self.model_folders: tuple[str, ...] = ()

    def add_model_folder(self, path: str) -> Scan:
        scan = self._fake.reply("add_model_folder", path)
        self.model_folders += (path,)
        return scan

    def remove_model_folder(self, path: str) -> None:
        self._fake.request("forget_model_folder", path)
        self.model_folders = tuple(each for each in self.model_folders if each != path)

    def scan_models(self) -> Scan:
        return self._fake.reply("scan_models")

    def cancel_scan(self) -> None:
        self._fake.calls.append(("cancel_scan",))

    def copy_model(self, path: str) -> Reply[ByteProgress, ModelEntry]:
        return self._fake.reply("copy_model", path)

    def add_adapter(self, path: str) -> AdapterEntry:
        self._fake.request("add_adapter", path)
        return self._fake.adapters_beside[0]

    def remove_model(self, ref: str) -> RemovedModel:
        self._fake.request("remove_model", ref)
        entry = next((each for each in self._fake.on_shelf if each.ref == ref), None)
        self._fake.on_shelf = [each for each in self._fake.on_shelf if each.ref != ref]
        self._fake.adapters_beside = [
            each for each in self._fake.adapters_beside if each.ref != ref
        ]
        self._fake.emit(ModelsChanged())
        trashed = entry is not None and entry.origin == ModelOrigin.OWN
        return RemovedModel(ref, "", trashed)


class FakeChecksums:
    """Nothing is computed by itself."""

    def __init__(self, fake: FakeModels) -> None:
        self._fake = fake

    def verify_checksums(self, ref: str) -> tuple[Reply[ByteProgress, VerifiedChecksum], ...]:
        return (self._fake.reply("verify_model", ref),)

    def compute_missing_checksums(self) -> None:
        self._fake.calls.append(("missing_checksums",))

    def checksum_state(self, path: str) -> str:
        return "unknown"


class FakeLoads:
    """What is said of the model in memory."""

    path = ""

    def __init__(self, fake: FakeModels) -> None:
        self._fake = fake

    def cancel_loading(self) -> bool:
        self._fake.calls.append(("cancel_loading",))
        return True

    def unload_model(self) -> bool:
        self._fake.calls.append(("unload",))
        return True


class FakeModelSettings:
    """Settings in memory; everything is taken but “nonsense”."""

    def __init__(self, fake: FakeModels) -> None:
        self._fake = fake
        self.kept: dict[str, str] = {}

    def list_settings(self, ref: str) -> tuple[ModelSetting, ...]:
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

    def change_setting(self, ref: str, key: str, text: str) -> ModelSetting:
        self._fake.request("set_for_model", ref, key, text)
        if text == "nonsense":
            raise StorageError(
                ErrorCode.SETTING_REFUSED, key=key, value=text, allowed="a whole number from 0 to 9"
            )
        self.kept[key] = text
        return next(each for each in self.list_settings(ref) if each.key == key)

    def reset_settings(self, ref: str, key: str = "") -> None:
        self._fake.request("reset_for_model", ref, key)
        self.kept = {each: text for each, text in self.kept.items() if key and each != key}


class FakeLadders:
    """The real catalog; a ladder comes when a test says so."""

    def __init__(self, fake: FakeModels) -> None:
        self._fake = fake

    def list_catalog(self) -> tuple[CatalogModel, ...]:
        self._fake.refuse()
        return load_catalog()

    def request_ladder(self, ref: str = "", *, context: int = 0) -> Reply[Never, Any]:
        return self._fake.reply("show_ladder", ref)


class FakeLevels:
    """Work on levels."""

    is_busy = False

    def __init__(self, fake: FakeModels) -> None:
        self._fake = fake
        self.warned = ""

    def quality_warning(self, ref: str) -> str:
        return self.warned

    def create_quantization(
        self, ref: str, level: str, *, matrix: str = "", name: str = "", measure: bool = True
    ) -> Reply[Any, Any]:
        return self._fake.reply("make_level", ref, level, matrix, measure)

    def measure_quality(self, ref: str, *, every: bool = False) -> Reply[Any, Any]:
        return self._fake.reply("measure_level", ref)

    def follow_active_job(self) -> None:
        """Nothing is being made."""


class FakeFetches:
    """Fetches as a test tells them."""

    host = "hub.example"

    def __init__(self, fake: FakeModels) -> None:
        self._fake = fake
        self.states: dict[str, DownloadState] = {}

    def list_downloads(self) -> tuple[DownloadState, ...]:
        return tuple(self.states.values())

    def plan_download(self, text: str) -> Reply[Never, DownloadPlan]:
        return self._fake.reply("plan_fetch", text)

    def planned(self, plan: DownloadPlan = PLAN) -> None:
        """The host has told what the last wish means."""
        self._fake.replies[-1].finish(plan)

    def start_download(self, plan: DownloadPlan) -> str:
        self._fake.request("begin_fetch", plan.name)
        self.states[plan.download_id] = DownloadState(plan=plan, state="fetching")
        self._fake.emit(DownloadListChanged())
        return plan.download_id

    def move(self, download_id: str = PLAN.download_id, **changes: object) -> None:
        """Tell how a fetch goes on."""
        state = self.states[download_id] = structs.replace(self.states[download_id], **changes)
        self._fake.emit(DownloadChanged(download=state))

    def pause_download(self, download_id: str) -> None:
        self._fake.calls.append(("pause_fetch", download_id))
        self.move(download_id, state="paused")

    def resume_download(self, download_id: str) -> str:
        self._fake.request("resume_fetch", download_id)
        self.move(download_id, state="fetching", problem=None)
        return download_id

    def remove_download(self, download_id: str) -> None:
        self._fake.request("drop_fetch", download_id)
        del self.states[download_id]
        self._fake.emit(DownloadListChanged())


class FakeShelfDesks(FakeModels):
    """All of them, beside the shelf itself."""

    def __init__(self) -> None:
        super().__init__()
        self.model_files: Any = FakeShelf(self)
        self.checksums: Any = FakeChecksums(self)
        self.model_loading = FakeLoads(self)
        self.model_settings = FakeModelSettings(self)
        self.quantization_ladders: Any = FakeLadders(self)
        self.quantizations: Any = FakeLevels(self)
        self.downloads = FakeFetches(self)
