"""Protocols of the services for models, downloads and servers, as the window calls them."""

from collections.abc import Sequence
from typing import Never, Protocol

from core.app.events.download_events import DownloadState
from core.app.models.checksum_service import ChecksumService
from core.app.models.model_file_service import ModelFileService
from core.app.models.model_settings_service import ModelSetting
from core.app.quantization.quantization_ladder_service import QuantizationLadderService
from core.app.quantization.quantization_service import QuantizationService
from core.ipc.reply import Reply
from core.messages import KeySaved, ServerModels
from core.models.downloads.download_plan import DownloadPlan
from core.models.server_registry import ServerEntry


class LoadCalls(Protocol):
    """The model in memory."""

    @property
    def path(self) -> str:
        """Its file, "" for none."""

    def cancel_loading(self) -> bool:
        """Stop loading; returns whether something was."""

    def unload_model(self) -> bool:
        """Give its memory back; False while it answers."""


class ModelSettingCalls(Protocol):
    """What is set for one model."""

    def list_settings(self, ref: str) -> tuple[ModelSetting, ...]:
        """Return every setting. Raises ModelError."""

    def change_setting(self, ref: str, key: str, text: str) -> ModelSetting:
        """Set what was typed. Raises InglenookError, and nothing changes."""

    def reset_settings(self, ref: str, key: str = "") -> None:
        """Take one back, or all. Raises InglenookError."""


class DownloadCalls(Protocol):
    """The only part that asks the network for models."""

    @property
    def host(self) -> str:
        """Who would be asked. Raises NetworkError."""

    def list_downloads(self) -> tuple[DownloadState, ...]:
        """Return every fetch of this session, and those that aren't done."""

    def plan_download(self, text: str) -> Reply[Never, DownloadPlan]:
        """Find out which files a request means. Raises NetworkError."""

    def start_download(self, plan: DownloadPlan) -> str:
        """Fetch; returns the fetch's id. Raises StorageError."""

    def pause_download(self, download_id: str) -> None:
        """Stop; what is here is kept."""

    def resume_download(self, download_id: str) -> str:
        """Go on. Raises NetworkError."""

    def remove_download(self, download_id: str) -> None:
        """Stop, and remove what is here. Raises StorageError."""


class ModelAppProtocol(Protocol):
    """All of it."""

    @property
    def model_files(self) -> ModelFileService:
        """Work on files."""

    @property
    def checksums(self) -> ChecksumService:
        """SHA-256 of files."""

    @property
    def model_loading(self) -> LoadCalls:
        """The model in memory."""

    @property
    def model_settings(self) -> ModelSettingCalls:
        """What is set for one model."""

    @property
    def quantization_ladders(self) -> QuantizationLadderService:
        """Levels, and the catalog."""

    @property
    def quantizations(self) -> QuantizationService:
        """Making and measuring levels."""

    @property
    def downloads(self) -> DownloadCalls:
        """What is fetched."""


class ServerCalls(Protocol):
    """What is asked about servers of the person's own."""

    def list_servers(self) -> tuple[ServerEntry, ...]:
        """Return every server by name."""

    def get_server(self, name: str) -> ServerEntry | None:
        """Return a server by its name or path, None if there is none."""

    def add_server(
        self,
        name: str,
        addresses: Sequence[str],
        model: str,
        *,
        context: int = 0,
        has_key: bool = False,
    ) -> ServerEntry:
        """Keep a server; nothing is sent to it yet. Raises NetworkError or StorageError."""

    def allow_server(self, name: str) -> ServerEntry:
        """Agree that text leaves for all addresses of a server. Raises NetworkError."""

    def remove_server(self, name: str) -> ServerEntry:
        """Forget a server. Raises NetworkError."""

    def server_for_chat(self, chat_id: str) -> ServerEntry | None:
        """Return the server that a person chose in a chat."""

    def set_chat_server(self, chat_id: str, name: str) -> None:
        """Answer a chat with this server from now on, "" for none. Raises NetworkError."""

    def test_server(self, address: str, key_name: str = "") -> Reply[Never, ServerModels]:
        """Ask a server what it offers. Raises NetworkError."""


class RoutingCalls(Protocol):
    """What is asked about Auto."""

    @property
    def is_auto(self) -> bool:
        """Whether Auto answers new questions."""

    @property
    def has_choice(self) -> bool:
        """Whether there are two models for it to choose from."""

    def set_auto(self) -> None:
        """Let Auto choose from now on. Raises StorageError."""


class KeyCalls(Protocol):
    """What is asked about keys."""

    def store_key(self, name: str, key: str) -> Reply[Never, KeySaved]:
        """Store a key under `name`; "" deletes the one that is there."""
