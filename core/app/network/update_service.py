"""Update check: one signed request when a person asks, never by itself."""

from pathlib import Path
from typing import Never

import msgspec

from core.base.errors import ErrorCode, NetworkError
from core.base.paths import resources_folder
from core.base.settings import network_settings
from core.base.settings.app_settings import Settings
from core.courier.client import CourierClient
from core.courier.connection.host_address import parse_address
from core.ipc.client import new_request_id
from core.ipc.reply import Reply
from core.messages import CheckUpdate, UpdateChecked


class UpdateSource(msgspec.Struct, frozen=True, kw_only=True):
    """The update address that a build was made with, and the public key of its manifests."""

    address: str
    public_key: str


def load_update_source(path: Path | None = None) -> UpdateSource | None:
    """Return the update source of this build, None for a build without one."""
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
    """Asks for a newer version when a person wants it. `version`: "" for the installed one."""

    def __init__(
        self,
        courier: CourierClient,
        settings: Settings,
        source: UpdateSource | None,
        version: str = "",
    ) -> None:
        self._courier = courier
        self._settings = settings
        self._source = source
        self._version = version

    @property
    def version(self) -> str:
        """The version that runs."""
        return self._version or installed_version()

    @property
    def address(self) -> str:
        """The address that would be asked, to be shown before. Raises NetworkError for none."""
        own = self._settings.get_value(network_settings.UPDATE_ADDRESS).strip()
        if self._source is None or not (own or self._source.address):
            raise NetworkError(ErrorCode.UPDATE_NOWHERE)
        return parse_address(own or self._source.address).url

    def check_for_update(self) -> Reply[Never, UpdateChecked]:
        """Ask once. Raises NetworkError when there is nobody to ask."""
        address = self.address
        assert self._source is not None
        check = self._courier.send(
            CheckUpdate(
                request_id=new_request_id(),
                address=address,
                public_key=self._source.public_key,
                version=self.version,
                issued=self._settings.get_value(network_settings.UPDATE_ISSUED),
            )
        )
        return check.on_done(self._keep_date)

    def _keep_date(self, checked: UpdateChecked) -> None:
        """Remember how new the news were, so that older ones are no news again."""
        if checked.issued > self._settings.get_value(network_settings.UPDATE_ISSUED):
            self._settings.set_value(network_settings.UPDATE_ISSUED, checked.issued)
