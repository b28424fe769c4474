"""The real desks around a shelf, for the fake application."""

from collections.abc import Callable
from typing import Any

from core.app.events.app_events import AppEvent
from core.app.models.adapter_service import AdapterService
from core.app.models.checksum_service import ChecksumService
from core.app.models.model_file_service import ModelFileService
from core.app.models.model_settings_service import ModelSettingsService
from core.base.paths import Paths
from core.base.settings.app_settings import Settings
from core.models.files.file_task_thread import FileTaskThread
from core.models.model_settings_store import ModelSettingsStore
from core.models.registry.model_registry import ModelRegistry


class Shelving:
    """They tell through `emit`; nothing is ever in use."""

    def __init__(
        self,
        paths: Paths,
        files: ModelRegistry,
        settings: Settings,
        emit: Callable[[AppEvent], None],
        wake: Callable[[], None],
    ) -> None:
        store = ModelSettingsStore(paths.model_settings)
        self.model_settings = ModelSettingsService(store, settings, files, emit)
        self.adapters = AdapterService(files, lambda: None)
        self.file_tasks = FileTaskThread("files", wake), FileTaskThread("checksums", wake)
        self.checksums = ChecksumService(files, self.file_tasks[1], emit)
        self.model_files = ModelFileService(
            paths,
            files,
            settings,
            self.file_tasks[0],
            self.checksums,
            release=lambda _path: True,
            emit=emit,
        )


class FakeModelDesk:
    """The calls about models, as the command line makes them."""

    def __init__(self, fake: Any) -> None:
        self.registry: Any = None  # set when the root is opened
        self.add_model = fake.add_model
        self.find_usable_model = fake.find_model
        self.retry_model = fake.retry_model
        self.unregister_model = lambda ref: fake.files.unregister_model(ref)  # noqa: PLW0108 - made later
