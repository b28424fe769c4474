"""Update check: one signed request when a person asks, never by itself."""

from collections.abc import Callable
from pathlib import Path

import msgspec
import uuid_utils

from core.app.events.app_events import AppEvent, RequestFailed
from core.app.events.network_events import UpdateCheckFinished
from core.app.problems import problem_of_failure
from core.base.errors import ErrorCode, NetworkError
from core.base.paths import resources_folder
from core.base.settings import network_settings
from core.base.settings.app_settings import Settings
from core.courier.client import CourierClient
from core.courier.connection.host_address import parse_address
from core.messages import CheckUpdate, CourierEvent, Failed, UpdateChecked


class UpdateSource(msgspec.Struct, frozen=True, kw_only=True):
    """What the makers of a build put into it: where news are, and the key they are signed with."""

    address: str
    public_key: str


def load_update_source(path: Path | None = None) -> UpdateSource | None:
    """Return what this build knows; None for one that was made without it."""
    path = path or resources_folder() / "update.json"
    try:
        return msgspec.json.decode(path.read_bytes(), type=UpdateSource)
    except (OSError, msgspec.MsgspecError):
        return None


def installed_version() -> str:
    """Return the version that runs."""
    from importlib import metadata  # noqa: PLC0415 - not for the first paint

    try:
        return metadata.version("inglenook")
    except metadata.PackageNotFoundError:
        return "0"


class UpdateService:
    """Asks for news. Nothing is ever asked by itself. `version`: what runs, if it isn't this."""

    def __init__(
        self,
        courier: CourierClient,
        settings: Settings,
        emit: Callable[[AppEvent], None],
        source: UpdateSource | None,
        version: str = "",
    ) -> None:
        self._courier = courier
        self._settings = settings
        self._emit = emit
        self._source = source
        self._asked = ""
        self._version = version

    @property
    def version(self) -> str:
        """The version that runs."""
        return self._version or installed_version()

    @property
    def address(self) -> str:
        """Where would be asked, to be shown before it is. Raises NetworkError for none."""
        own = str(self._settings.get_value(network_settings.UPDATE_ADDRESS)).strip()
        if self._source is None or not (own or self._source.address):
            raise NetworkError(ErrorCode.UPDATE_NOWHERE)
        return parse_address(own or self._source.address).url

    def check_for_update(self) -> str:
        """Ask once; UpdateCheckFinished or RequestFailed answers. Raises NetworkError."""
        address = self.address
        assert self._source is not None
        self._asked = self._courier.send(
            CheckUpdate(
                request_id=uuid_utils.uuid7().hex,
                address=address,
                public_key=self._source.public_key,
                version=self.version,
            )
        )
        return self._asked

    def on_courier_event(self, event: CourierEvent) -> bool:
        """Take what the courier says; returns whether it was about this."""
        if not isinstance(event, UpdateChecked | Failed) or event.request_id != self._asked:
            return False
        self._asked = ""
        if isinstance(event, Failed):
            problem = problem_of_failure(event)
            self._emit(RequestFailed(request_id=event.request_id, problem=problem))
        else:
            self._emit(
                UpdateCheckFinished(
                    request_id=event.request_id,
                    newer=event.newer,
                    page=event.page,
                    notes=event.notes,
                )
            )
        return True
