"""Adapter selection: LoRA adapters chosen for each chat of a window."""

from PySide6.QtCore import QObject

from core.app.app import App
from core.base.errors import InglenookError
from core.messages import Adapter
from desktop.chat.composer.composer_chips import AdapterChips
from desktop.kit.notices import NoticeCenter


class AdapterSelection(QObject):
    """By chat id; the id of a chat that isn't saved yet is empty."""

    def __init__(self, app: App, notices: NoticeCenter, chips: AdapterChips) -> None:
        super().__init__(chips)
        self._app = app
        self._notices = notices
        self._chips = chips
        self._kept: dict[str, tuple[Adapter, ...]] = {}
        self._chat_id = ""
        chips.changed.connect(self._on_changed)

    @property
    def selected_adapters(self) -> tuple[Adapter, ...]:
        """Those of the open chat."""
        return self._kept.get(self._chat_id, ())

    def open_chat(self, chat_id: str, saved: tuple[Adapter, ...] = ()) -> None:
        """Show a chat's; `saved` are those of its last question."""
        self._chat_id = chat_id
        self._kept.setdefault(chat_id, saved)
        self._chips.show_adapters(self.selected_adapters)

    def assign_chat_id(self, chat_id: str) -> None:
        """The open chat was saved and has an id now."""
        self._kept[chat_id] = self._kept.pop(self._chat_id, ())
        self._chat_id = chat_id

    def forget_chat(self, chat_id: str) -> None:
        """Forget what was chosen for a chat."""
        self._kept.pop(chat_id, None)

    def attach_adapter(self, path: str) -> None:
        """Let the next question of the open chat go through an adapter, if that fits the model."""
        try:
            adapter = self._app.adapters.adapter_for_chosen_model(path)
        except InglenookError as error:
            self._notices.post_error("adapter", error)
            return
        self._notices.dismiss_notice("adapter")
        if all(each.path != adapter.path for each in self.selected_adapters):
            self._kept[self._chat_id] = (*self.selected_adapters, adapter)
            self._chips.show_adapters(self.selected_adapters)

    def _on_changed(self, adapters: tuple[Adapter, ...]) -> None:
        self._kept[self._chat_id] = adapters
