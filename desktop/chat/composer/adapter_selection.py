"""Adapter selection: LoRA adapters chosen for each chat of a window."""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from PySide6.QtCore import QObject

from core.app.app import App
from core.app.models.adapter_service import fitting_adapters
from core.base.errors import ErrorCode, InglenookError
from core.base.i18n import _
from core.chat.store.draft_store import UNSAVED_CHAT_ID
from core.messages import Adapter
from desktop.chat.composer.adapter_chips import AdapterChips
from desktop.kit.notices import NoticeAction, NoticeCenter
from desktop.kit.visible_text import visible_text


class AdapterChoice(NamedTuple):
    """An adapter that the open chat could have; `is_used` says whether it has it."""

    name: str
    path: str
    is_used: bool


class AdapterSelection(QObject):
    """By chat id; the id of a chat that isn't saved yet is empty.

    A chat in which nothing was chosen begins with the adapters that are set for its model.
    """

    def __init__(self, app: App, notices: NoticeCenter, chips: AdapterChips) -> None:
        super().__init__(chips)
        self._app = app
        self._notices = notices
        self._chips = chips
        self._adapters_by_chat: dict[str, tuple[Adapter, ...]] = {}
        self._chat_id = UNSAVED_CHAT_ID
        self._shown: tuple[Adapter, ...] = ()
        self.model_of_new_chat: Callable[[], str] = str
        """Returns the path of the model that a new chat begins with, "" if that isn't known."""
        chips.changed.connect(self._on_changed)

    @property
    def selected_adapters(self) -> tuple[Adapter, ...]:
        """Adapters of the open chat."""
        chosen = self._adapters_by_chat.get(self._chat_id)
        if chosen is not None:
            return chosen
        store = self._app.model_settings.store
        return store.settings_for_model(self.model_of_new_chat()).adapters or ()

    def show_adapters(self) -> None:
        """Show the adapters of the open chat, if they aren't shown already."""
        if self._shown != self.selected_adapters:
            self._shown = self.selected_adapters
            self._chips.show_adapters(self._shown)

    def open_chat(self, chat_id: str, saved: tuple[Adapter, ...] = ()) -> None:
        """Open a chat; `saved` are the adapters of its last question."""
        self._chat_id = chat_id
        if chat_id != UNSAVED_CHAT_ID:
            self._adapters_by_chat.setdefault(chat_id, saved)
        self.show_adapters()

    def assign_chat_id(self, chat_id: str) -> None:
        """Set the id of the open chat, which was saved."""
        self._adapters_by_chat[chat_id] = self.selected_adapters
        self._adapters_by_chat.pop(self._chat_id, None)
        self._chat_id = chat_id

    def forget_chat(self, chat_id: str) -> None:
        """Drop the adapters of a deleted chat."""
        self._adapters_by_chat.pop(chat_id, None)

    def attach_adapter(self, path: str) -> None:
        """Use an adapter for the next question of the open chat, if it fits the model."""
        try:
            adapter = self._app.adapters.adapter_for_chosen_model(path)
        except InglenookError as error:
            self._notices.post_error("adapter", error)
            return
        self._notices.dismiss_notice("adapter")
        if all(each.path != adapter.path for each in self.selected_adapters):
            self._adapters_by_chat[self._chat_id] = (*self.selected_adapters, adapter)
            self.show_adapters()

    def list_choices(self) -> tuple[AdapterChoice, ...]:
        """Return the adapters on the list that the chosen model can have."""
        used = {adapter.path for adapter in self.selected_adapters}
        return tuple(
            AdapterChoice(visible_text(entry.name or entry.ref), entry.path, entry.path in used)
            for entry in self._app.adapters.adapters_for_chosen_model()
        )

    def switch_adapter(self, path: str, *, used: bool) -> None:
        """Use an adapter for the next question of the open chat, or use it no longer."""
        if used:
            self.attach_adapter(path)
            return
        left = tuple(each for each in self.selected_adapters if each.path != path)
        self._adapters_by_chat[self._chat_id] = left
        self.show_adapters()

    def drop_unusable(self) -> None:
        """Use the adapters of the open chat no longer that are gone, or not for its model."""
        there = tuple(each for each in self.selected_adapters if Path(each.path).exists())
        model = self._app.models.chosen_model()
        left = fitting_adapters(there, model.path) if model is not None else there
        self._adapters_by_chat[self._chat_id] = left
        self.show_adapters()

    def way_on(self, error: InglenookError, ask: Callable[[], object]) -> NoticeAction | None:
        """Return a button that asks without adapters that can't be used; None for other errors."""
        if error.code not in {ErrorCode.ADAPTER_GONE, ErrorCode.ADAPTER_MISMATCH}:
            return None

        def go_on() -> None:
            self.drop_unusable()
            ask()

        return _("Go on without it"), go_on

    def _on_changed(self, adapters: tuple[Adapter, ...]) -> None:
        self._adapters_by_chat[self._chat_id] = self._shown = adapters
