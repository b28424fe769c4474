"""The real desks around a shelf, for the fake application."""

from collections.abc import Callable

from core.app.adapters import AdapterDesk
from core.app.checksums import ChecksumDesk
from core.app.events import AppEvent
from core.app.model_settings import ModelSettingsDesk
from core.app.shelf import ShelfDesk
from core.models.model_settings import ModelSettingsStore
from core.models.shelf import Shelf
from core.paths import Paths
from core.settings import Settings


class Shelving:
    """They tell through `emit`; nothing is ever in use."""

    def __init__(
        self,
        paths: Paths,
        files: Shelf,
        settings: Settings,
        emit: Callable[[AppEvent], None],
        wake: Callable[[], None],
    ) -> None:
        store = ModelSettingsStore(paths.model_settings)
        self.model_settings = ModelSettingsDesk(store, settings, files, emit)
        self.adapters = AdapterDesk(files, lambda: None)
        self.checksums = ChecksumDesk(files, emit, wake)
        self.shelf = ShelfDesk(
            paths, files, settings, emit, wake, checksums=self.checksums, release=lambda _path: True
        )
