"""Usage store: the file of counted tokens, a row for each day, model and origin."""

import contextlib
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import msgspec
from msgspec import Struct, structs

from core.base.data_files import write_data_file
from core.base.errors import StorageError
from core.base.state_files import read_state_file

KEPT_DAYS = 400
"""Older rows are dropped: a year and the month that began it."""
_SAVE_SECONDS = 10.0
"""Counts are written at most this often, and when the application closes."""


class UsageRow(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What one origin had one model do on one local day (ISO); `server` is "" on this computer.

    `tokens_cached` of those read were not computed again. `cost` is by the prices of the time, in
    whatever currency these were entered.
    """

    day: str
    model: str
    origin: str
    server: str = ""
    answers: int = 0
    tokens_read: int = 0
    tokens_cached: int = 0
    tokens_written: int = 0
    seconds: float = 0.0
    cost: float = 0.0


class _UsageFile(Struct, frozen=True, kw_only=True):
    version: int = 1
    rows: tuple[UsageRow, ...] = ()


_Key = tuple[str, str, str, str]


def local_today() -> date:
    """Return the day by this computer's clock."""
    return datetime.now(UTC).astimezone().date()


class UsageStore:
    """Counts of one data folder. One thread uses it; a disk that refuses is tried again."""

    def __init__(self, path: Path) -> None:
        self._path = path
        saved = read_state_file(path, _UsageFile) or _UsageFile()
        self._rows: dict[_Key, UsageRow] = {_key(row): row for row in saved.rows}
        self._is_changed = False
        self._saved_at = -_SAVE_SECONDS

    def add_usage(self, more: UsageRow) -> None:
        """Add counts to the row of the same day, model and origin."""
        before = self._rows.get(_key(more))
        self._rows[_key(more)] = more if before is None else _sum(before, more)
        self._is_changed = True

    def list_usage(self, days: int, today: date | None = None) -> tuple[UsageRow, ...]:
        """Return the rows of the last `days` days, the newest first."""
        first = ((today or local_today()) - timedelta(days=days - 1)).isoformat()
        rows = [row for row in self._rows.values() if row.day >= first]
        rows.sort(key=lambda row: (row.model, row.origin))
        return tuple(sorted(rows, key=lambda row: row.day, reverse=True))

    def month_cost(self, server: str, today: date | None = None) -> float:
        """Return what a server has cost in this calendar month."""
        month = (today or local_today()).isoformat()[:8]
        rows = self._rows.values()
        return sum(row.cost for row in rows if row.server == server and row.day.startswith(month))

    def save_when_due(self, *, now: bool = False) -> None:
        """Write what has changed; with `now` at once."""
        if not self._is_changed:
            return
        if not now and time.monotonic() - self._saved_at < _SAVE_SECONDS:
            return
        self._saved_at = time.monotonic()
        first = (local_today() - timedelta(days=KEPT_DAYS)).isoformat()
        self._rows = {key: row for key, row in self._rows.items() if row.day >= first}
        with contextlib.suppress(StorageError):
            content = _UsageFile(rows=tuple(self._rows.values()))
            write_data_file(self._path, msgspec.json.encode(content))
            self._is_changed = False


def _key(row: UsageRow) -> _Key:
    return row.day, row.model, row.origin, row.server


def _sum(before: UsageRow, more: UsageRow) -> UsageRow:
    return structs.replace(
        before,
        answers=before.answers + more.answers,
        tokens_read=before.tokens_read + more.tokens_read,
        tokens_cached=before.tokens_cached + more.tokens_cached,
        tokens_written=before.tokens_written + more.tokens_written,
        seconds=before.seconds + more.seconds,
        cost=before.cost + more.cost,
    )
