"""The real desks around a shelf, for the fake application."""

from collections.abc import Callable
from typing import Any

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


class FakeModelDesk:
    """The calls about models, as the command line makes them."""

    def __init__(self, fake: Any) -> None:
        self.all = fake.all_models
        self.add = fake.add_model
        self.find = fake.find_model
        self.retry = fake.retry_model
        self.look_up = lambda ref: fake.files.find(ref)  # noqa: PLW0108 - made later
        self.forget = lambda ref: fake.files.forget(ref)  # noqa: PLW0108 - made later
