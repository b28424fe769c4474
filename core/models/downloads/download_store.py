"""Download store: the plans of unfinished downloads, over restarts."""

from pathlib import Path

import msgspec

from core.base.data_files import write_data_file
from core.base.state_files import read_state_file
from core.models.downloads.download_plan import DownloadPlan


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
        plans = read_state_file(self._path, list[DownloadPlan]) or []
        return {plan.download_id: plan for plan in plans if plan.files}
