"""Header of the chat: its title, and the model that answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout

from core.base.i18n import _
from desktop.kit.buttons_and_labels import ElidedButton, ElidedLabel, IconButton
from desktop.kit.reading_column import margins
from desktop.kit.spinner import Spinner
from desktop.kit.theme import Theme

if TYPE_CHECKING:  # the window is shown before these are loaded
    from core.app.events.app_events import ModelReady
    from core.models.info.model_entry import ModelEntry


class ChatHeader(QFrame):
    """Chat title on the left, the model and its state on the right; a click there switches it.

    Where the list of chats is hidden, a button before the title shows it.
    """

    models_wanted = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._build()
        self.model_button.clicked.connect(self.models_wanted)

    def _build(self) -> None:
        self.setObjectName("header")
        self.sidebar_button = IconButton(self._theme, "sidebar", _("Chats and folders"))
        self.sidebar_button.hide()
        self._title = ElidedLabel(role="title")
        self._spinner = Spinner(self._theme)
        self.model_button = ElidedButton(self._theme, "", icon="model", role="quiet")
        self.model_button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        row = QHBoxLayout(self)
        row.setContentsMargins(margins(24, 8, 12, 8))
        row.setSpacing(8)
        row.addWidget(self.sidebar_button)
        row.addWidget(self._title, 1)
        row.addWidget(self._spinner)
        self.badges = QHBoxLayout()
        """Layout for more widgets of the window about who answers."""
        row.addLayout(self.badges)
        row.addWidget(self.model_button)
        self.set_title("")
        self._spinner.hide()
        self.model_button.setText("…")  # until it is known

    def set_title(self, title: str) -> None:
        """Show a chat's title; an empty one is that of a new chat."""
        self._title.setText(title or _("New chat"))

    def set_model(
        self, entry: ModelEntry | None, *, state: str, ready: ModelReady | None = None
    ) -> None:
        """Show the chosen model; `state` is "loading", "ready", "awaited" or empty.

        `ready` is the event of its load: the tooltip says where it lies in memory.
        """
        self._spinner.setVisible(state == "loading")
        if entry is None:
            text = _("Choose a model")
        elif state == "loading":
            text = _("Loading {model}…").format(model=entry.ref)
        elif state == "awaited":
            text = _("{model} after this answer").format(model=entry.ref)
        else:
            text = entry.ref
        self.model_button.setText(text.replace("&", "&&"))
        self.model_button.setAccessibleName(_("Model: {model}").format(model=text))
        placed = _placement(ready) if ready is not None and state == "ready" else ""
        self.model_button.setToolTip("\n".join(filter(None, (self._tooltip(entry, state), placed))))
        self.model_button.setAccessibleDescription(placed)

    def _tooltip(self, entry: ModelEntry | None, state: str) -> str:
        if entry is None:
            return _("No model is chosen (Ctrl+M)")
        if state == "ready":
            return _("Ready to answer; choose another with Ctrl+M")
        return _("Choose another model with Ctrl+M")


def _placement(ready: ModelReady) -> str:
    from desktop.chat.view.placement_formatting import format_placement  # noqa: PLC0415 - as above

    return format_placement(ready)
