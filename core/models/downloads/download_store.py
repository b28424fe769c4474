"""Store of unfinished downloads, kept in one JSON file."""

import logging
from pathlib import Path

import msgspec

from core.base.data_files import move_damaged_aside, read_data_file, write_data_file
from core.models.downloads.download_plan import DownloadPlan

_log = logging.getLogger(__name__)


class DownloadStore:
    """The plans of unfinished downloads, the first started first. One thread uses it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._plans = self._load()

    def list_downloads(self) -> tuple[DownloadPlan, ...]:
        """Return the plans of all unfinished downloads."""
        return tuple(self._plans.values())

    def save_download(self, plan: DownloadPlan) -> None:
        """Save a plan; it replaces one with the same id. Raises StorageError."""
        self._plans[plan.download_id] = plan
        self._save()

    def remove_download(self, download_id: str) -> None:
        """Remove the plan of a download that has ended or was removed. Raises StorageError."""
        if self._plans.pop(download_id, None) is not None:
            self._save()

    def _save(self) -> None:
        write_data_file(self._path, msgspec.json.encode(list(self._plans.values())))

    def _load(self) -> dict[str, DownloadPlan]:
        try:
            plans = msgspec.json.decode(read_data_file(self._path), type=list[DownloadPlan])
        except FileNotFoundError:
            return {}
        except (OSError, msgspec.MsgspecError):
            aside = move_damaged_aside(self._path)
            _log.exception("the list of fetches is unreadable; kept as %s", aside.name)
            return {}
        return {plan.download_id: plan for plan in plans if plan.files}
