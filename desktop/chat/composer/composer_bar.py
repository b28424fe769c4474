"""Composer bar: under the text, what to add, who answers and how, how full the chat is."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from core.base.i18n import _
from desktop.chat.composer.context_meter import ContextMeter
from desktop.kit.buttons_and_labels import ElidedButton, IconButton, as_tooltip
from desktop.kit.locale_formatting import preset_name
from desktop.kit.theme import Theme
from desktop.kit.visible_text import visible_text

_WIDEST_NAME = 200


class ComposerBar(QWidget):
    """Only draws and signals; menus open at its buttons."""

    add_clicked = Signal()
    model_clicked = Signal()
    style_clicked = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._model = ""
        self._build()
        self._connect()

    def _build(self) -> None:
        self.add_button = IconButton(self._theme, "add", _("Add files, folders or pictures"))
        self.model_button = ElidedButton(self._theme, "", icon="model", role="quiet")
        self.style_button = ElidedButton(self._theme, "", icon="prompt", role="quiet")
        self.meter = ContextMeter(self._theme)
        self.send_button = IconButton(
            self._theme, "send", _("Send (Enter)"), role="on_accent", side=32
        )
        self.send_button.setProperty("role", "send")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        row.addWidget(self.add_button)
        row.addWidget(self.model_button)
        row.addWidget(self.style_button)
        row.addStretch(1)
        row.addWidget(self.meter)
        row.addSpacing(6)
        row.addWidget(self.send_button, 0, Qt.AlignmentFlag.AlignBottom)
        self.model_button.setText("…")  # until it is known
        self.show_style("", only_proven=False)

    def _connect(self) -> None:
        self.add_button.clicked.connect(self.add_clicked)
        self.model_button.clicked.connect(self.model_clicked)
        self.style_button.clicked.connect(self.style_clicked)
        self._theme.changed.connect(self._on_theme_changed)

    def show_model(self, ref: str) -> None:
        """Show who answers, "" while no model is chosen."""
        self._model = ref
        shown = visible_text(ref) if ref else _("Choose a model")
        widest = self._theme.scaled(_WIDEST_NAME)
        metrics = self.model_button.fontMetrics()
        elided = metrics.elidedText(shown, Qt.TextElideMode.ElideMiddle, widest)
        self.model_button.setText(elided.replace("&", "&&"))
        name = _("Switch the model: {model} answers").format(model=shown) if ref else shown
        self.model_button.setAccessibleName(name)
        self.model_button.setToolTip(as_tooltip(f"{name} (Ctrl+Shift+M)"))

    def show_style(self, preset: str, *, only_proven: bool) -> None:
        """Show how this chat is answered; `preset` is "" as set for all chats."""
        parts = [preset_name(preset)] if preset else []
        parts += [_("Only proven")] if only_proven else []
        words = " · ".join(parts) or _("Style")
        self.style_button.setText(words)
        self.style_button.setAccessibleName(_("Style of the answers: {style}").format(style=words))
        self.style_button.setToolTip(_("How this chat is answered, and its instructions"))

    def _on_theme_changed(self) -> None:
        if self._model:  # as much of it as fits
            self.show_model(self._model)
