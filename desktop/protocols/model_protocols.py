"""Protocols of the services for models, downloads and servers, as the window calls them."""

from typing import Protocol

from core.app.models.checksum_service import ChecksumService
from core.app.models.model_file_service import ModelFileService
from core.app.models.model_settings_service import ModelSetting
from core.app.network.download_service import DownloadService
from core.app.quantization.quantization_ladder_service import QuantizationLadderService
from core.app.quantization.quantization_service import QuantizationService


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
    def downloads(self) -> DownloadService:
        """What is fetched."""
