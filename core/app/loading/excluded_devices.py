"""Graphics cards excluded from automatic placement because a model crashed on them.

A card is known by backend and description, since its name is only a number. Choosing it in the
settings, or `allow_all_cards`, lets it be used again. Running out of memory is no crash.
"""

import logging
from collections.abc import Callable
from pathlib import Path

import msgspec
from msgspec import structs

from core.app.events.app_events import AppEvent, Notice
from core.app.problems import problem_of
from core.base.data_files import write_data_file
from core.base.errors import EngineError, ErrorCode, StorageError
from core.base.state_files import read_state_file
from core.engine.memory.placement_planner import device_identity
from core.messages import Device, Placement

_log = logging.getLogger(__name__)
_EVERY_CARD = "*"
"""All cards: a driver that ends the listing child leaves no way to know which card it was."""
_BY_ITSELF = frozenset({"", "auto"})


class ExcludedDevices:
    """The excluded cards of one root. One thread uses it."""

    def __init__(
        self,
        path: Path,
        devices: Callable[[], tuple[Device, ...]],
        emit: Callable[[AppEvent], None],
    ) -> None:
        self._path = path
        self._devices = devices
        self._emit = emit
        self._excluded = self._read()

    @property
    def cards(self) -> tuple[str, ...]:
        """The excluded cards, by backend and description."""
        return tuple(sorted(self._excluded))

    def without_excluded(self, requested: Placement) -> Placement:
        """Return `requested` without the excluded cards, unless it names its devices."""
        if not self._excluded or requested.device not in _BY_ITSELF:
            return requested
        if _EVERY_CARD in self._excluded:
            return structs.replace(requested, device="cpu")
        return structs.replace(requested, avoid=self.cards)

    def exclude_all_cards(self) -> None:
        """Exclude every card."""
        if _EVERY_CARD not in self._excluded:
            self._excluded.add(_EVERY_CARD)
            self._write()

    def allow_all_cards(self) -> None:
        """Let every card be used again."""
        self._excluded.clear()
        self._write()

    def exclude_crashed(self, used: str) -> None:
        """Exclude the cards that a model used when the engine crashed, and emit a notice.

        `used` names devices as a placement does: with "auto" it may have been any card.
        """
        for card in self._devices():
            identity = device_identity(card)
            is_used = used in _BY_ITSELF or card.name in used.split(",")
            if card.is_card and is_used and identity not in self._excluded:
                self._excluded.add(identity)
                self._write()
                problem = problem_of(EngineError(ErrorCode.DEVICE_LEFT, device=card.description))
                self._emit(Notice(key="left device", severity="warning", problem=problem))

    def _read(self) -> set[str]:
        return read_state_file(self._path, set[str]) or set()

    def _write(self) -> None:
        try:
            write_data_file(self._path, msgspec.json.encode(self.cards))
        except StorageError:
            _log.exception("the excluded devices could not be saved")
