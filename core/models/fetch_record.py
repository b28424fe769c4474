"""The fetches of one root that are not whole yet, kept in one JSON file."""

import contextlib
import logging
from pathlib import Path

import msgspec

from core.models.fetching import FetchPlan
from core.storage import damaged_name, write_aside

_log = logging.getLogger(__name__)


class FetchRecord:
    """What was begun, in the order in which it was. One thread uses it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._plans = self._load()

    def all(self) -> tuple[FetchPlan, ...]:
        """Return what is not whole yet."""
        return tuple(self._plans.values())

    def keep(self, plan: FetchPlan) -> None:
        """Remember a fetch, in the place of an earlier one with its id. Raises StorageError."""
        self._plans[plan.fetch_id] = plan
        self._save()

    def forget(self, fetch_id: str) -> None:
        """Forget a fetch that is whole, or that nobody wants any more. Raises StorageError."""
        if self._plans.pop(fetch_id, None) is not None:
            self._save()

    def _save(self) -> None:
        write_aside(self._path, msgspec.json.encode(list(self._plans.values())))

    def _load(self) -> dict[str, FetchPlan]:
        try:
            plans = msgspec.json.decode(self._path.read_bytes(), type=list[FetchPlan])
        except FileNotFoundError:
            return {}
        except (OSError, msgspec.MsgspecError):
            aside = damaged_name(self._path)
            _log.exception("the list of fetches is unreadable; kept as %s", aside.name)
            with contextlib.suppress(OSError):  # the app opens without it all the same
                self._path.replace(aside)
            return {}
        return {plan.fetch_id: plan for plan in plans if plan.files}
