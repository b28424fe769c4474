"""Model speeds: how fast models write here, asked for one after the other."""

from PySide6.QtCore import QObject, Signal

from core.app.quantization.quantization_ladder_service import QuantizationLadderService
from core.base.errors import InglenookError
from core.ipc.awaited_reply import AwaitedReply
from core.models.quantizations.quantization_ladder import QuantizationLadder
from desktop.kit.reply_lifetime import bind_reply


class ModelSpeeds(QObject):
    """Keeps what is known; a speed is measured where the model ran, else estimated."""

    changed = Signal()

    def __init__(self, ladders: QuantizationLadderService, parent: QObject) -> None:
        super().__init__(parent)
        self._ladders = ladders
        self._speeds: dict[str, float | None] = {}
        """Tokens per second by the path of a file, or by model and level of the catalog."""
        self._waiting: list[str] = []
        self._asked: set[str] = set()
        self._awaited = AwaitedReply()

    def speed_of(self, key: str) -> float | None:
        """Return tokens per second of a path, or of "id:level" of the catalog."""
        return self._speeds.get(key)

    def ask_about(self, refs: list[str]) -> None:
        """Ask about models that were not asked about before, the first one first."""
        self._waiting += [ref for ref in refs if ref not in self._asked]
        self._asked |= set(refs)
        self._ask_next()

    def stop(self) -> None:
        """Stop asking; what was not answered is asked again."""
        self._asked -= set(self._waiting)
        self._waiting.clear()
        self._awaited.abandon()

    def _ask_next(self) -> None:
        while not self._awaited.is_waiting and self._waiting:
            ref = self._waiting[0]
            try:
                request = self._ladders.request_ladder(ref)
            except InglenookError:  # the details say why
                self._waiting.pop(0)
                continue
            self._awaited.wait_for(bind_reply(request, self))
            request.on_done(self._take_ladder).on_error(lambda _failure: self._end_request())

    def _take_ladder(self, ladder: QuantizationLadder) -> None:
        for row in ladder.rows:
            self._speeds[row.path or f"{ladder.catalog_id}:{row.level}"] = row.speed
        self._end_request()
        self.changed.emit()

    def _end_request(self) -> None:
        self._awaited.give_up()
        if self._waiting:
            self._waiting.pop(0)
        self._ask_next()
