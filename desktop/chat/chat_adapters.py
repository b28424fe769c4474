"""Which adapters the questions of each chat go through, shown for the open one."""

from PySide6.QtCore import QObject

from core.errors import InglenookError
from core.messages import Adapter
from desktop.chat.adapter_chips import AdapterChips
from desktop.notices import Notices
from desktop.ports import ChatCalls


class ChatAdapters(QObject):
    """By chat id; the id of a chat that isn't saved yet is empty."""

    def __init__(self, front: ChatCalls, notices: Notices, chips: AdapterChips) -> None:
        super().__init__(chips)
        self._front = front
        self._notices = notices
        self._chips = chips
        self._kept: dict[str, tuple[Adapter, ...]] = {}
        self._chat_id = ""
        chips.changed.connect(self._on_changed)

    @property
    def shown(self) -> tuple[Adapter, ...]:
        """Those of the open chat."""
        return self._kept.get(self._chat_id, ())

    def open(self, chat_id: str, saved: tuple[Adapter, ...] = ()) -> None:
        """Show a chat's; `saved` are those of its last question."""
        self._chat_id = chat_id
        self._kept.setdefault(chat_id, saved)
        self._chips.show_adapters(self.shown)

    def begin(self, chat_id: str) -> None:
        """The open chat was saved and has an id now."""
        self._kept[chat_id] = self._kept.pop(self._chat_id, ())
        self._chat_id = chat_id

    def forget(self, chat_id: str) -> None:
        """Forget what was chosen for a chat."""
        self._kept.pop(chat_id, None)

    def attach(self, path: str) -> None:
        """Let the next question of the open chat go through an adapter, if that fits the model."""
        try:
            adapter = self._front.adapters.take(path)
        except InglenookError as error:
            self._notices.refuse("adapter", error)
            return
        self._notices.drop("adapter")
        if all(each.path != adapter.path for each in self.shown):
            self._kept[self._chat_id] = (*self.shown, adapter)
            self._chips.show_adapters(self.shown)

    def _on_changed(self, adapters: tuple[Adapter, ...]) -> None:
        self._kept[self._chat_id] = adapters
