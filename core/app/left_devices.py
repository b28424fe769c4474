"""Graphics cards that are left alone: a model crashed on them, so none goes there by itself again.

A card is known by backend and description, since its name is only a number. Choosing it in the
settings, or `retry`, lets it be used again. Running out of memory is no crash.
"""

import logging
from collections.abc import Callable
from pathlib import Path

import msgspec
from msgspec import structs

from core.app.events import AppEvent, Notice
from core.app.problems import problem_of
from core.engine.placement import device_identity
from core.errors import Code, EngineError, StorageError
from core.messages import Device, EngineEvent, Failed, ModelLoaded, Placement
from core.storage import write_aside

_log = logging.getLogger(__name__)
_CARDS = frozenset({"gpu", "igpu"})
_EVERY_CARD = "*"
"""What is left when a driver ends whoever looks for cards: none of them can be told apart."""
_BY_ITSELF = frozenset({"", "auto"})


class LeftDevices:
    """The cards of one root that are left alone. One thread uses it."""

    def __init__(
        self,
        path: Path,
        devices: Callable[[], tuple[Device, ...]],
        emit: Callable[[AppEvent], None],
    ) -> None:
        self._path = path
        self._devices = devices
        self._emit = emit
        self._left = self._read()
        self._used = ""  # the devices of the loaded model, by name

    @property
    def cards(self) -> tuple[str, ...]:
        """Return them, by backend and description."""
        return tuple(sorted(self._left))

    def avoided(self, wish: Placement) -> Placement:
        """Return `wish` without the cards that are left alone, unless it names its devices."""
        if not self._left or wish.device not in _BY_ITSELF:
            return wish
        if _EVERY_CARD in self._left:
            return structs.replace(wish, device="cpu")
        return structs.replace(wish, avoid=self.cards)

    def watch(self, event: EngineEvent, wish: Placement) -> None:
        """Note where a model lies; leave its card alone, and say so, when the engine crashed."""
        if isinstance(event, ModelLoaded):
            self._used = event.placement.device
        elif isinstance(event, Failed) and event.code == Code.ENGINE_DIED:
            loading, lacked = (
                event.facts.get(fact) == "True" for fact in ("loading", "lacked_memory")
            )
            if not lacked:
                self._leave(wish.device if loading else self._used)

    def leave_all(self) -> None:
        """Leave every card alone."""
        if _EVERY_CARD not in self._left:
            self._left.add(_EVERY_CARD)
            self._write()

    def retry(self) -> None:
        """Let every card be used again."""
        self._left.clear()
        self._write()

    def _leave(self, used: str) -> None:
        for card in self._devices():
            identity = device_identity(card)
            is_used = used in _BY_ITSELF or card.name in used.split(",")
            if card.kind in _CARDS and is_used and identity not in self._left:
                self._left.add(identity)
                self._write()
                problem = problem_of(EngineError(Code.DEVICE_LEFT, device=card.description))
                self._emit(Notice(key="left device", severity="warning", problem=problem))

    def _read(self) -> set[str]:
        try:
            return msgspec.json.decode(self._path.read_bytes(), type=set[str])
        except (FileNotFoundError, NotADirectoryError):
            return set()
        except (OSError, msgspec.MsgspecError):  # whoever crashes is found again
            _log.exception("%s is unreadable", self._path.name)
            return set()

    def _write(self) -> None:
        try:
            write_aside(self._path, msgspec.json.encode(self.cards))
        except StorageError:
            _log.exception("the devices that are left alone are not remembered")
