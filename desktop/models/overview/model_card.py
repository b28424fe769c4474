"""Model card: name, what it is good for, its size and speed, and one button."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout

from core.base.i18n import _
from desktop.kit.buttons_and_labels import (
    ElidedLabel,
    TextButton,
    plain_label,
    set_style_property,
)
from desktop.kit.theme import SPACING, Theme
from desktop.kit.visible_text import visible_text


class ModelCard(QFrame):
    """One model; `wanted` is its button, `details_wanted` asks for everything about it."""

    wanted = Signal()
    details_wanted = Signal()

    def __init__(self, theme: Theme, *, primary: bool = False) -> None:
        super().__init__()
        self._theme = theme
        self._build(primary=primary)
        self.button.clicked.connect(self.wanted)
        self.details_button.clicked.connect(self.details_wanted)

    def _build(self, *, primary: bool) -> None:
        self.setObjectName("card")
        self._above = plain_label("", "section")
        self._name = ElidedLabel("", "title")
        self._ability = plain_label("", wrap=True)
        self._facts = plain_label("", "muted", wrap=True)
        words = QVBoxLayout()
        words.setSpacing(SPACING["tight"])
        for label in (self._above, self._name, self._ability, self._facts):
            words.addWidget(label)
        self.button = TextButton(self._theme, "", role="primary" if primary else "")
        self.details_button = TextButton(self._theme, _("All details"), role="quiet")
        row = QHBoxLayout(self)
        row.setContentsMargins(*(SPACING["wide"],) * 4)
        row.setSpacing(SPACING["normal"])
        row.addLayout(words, 1)
        buttons = QVBoxLayout()
        buttons.setSpacing(SPACING["tight"])
        buttons.addStretch(1)
        buttons.addWidget(self.button)
        buttons.addWidget(self.details_button)
        buttons.addStretch(1)
        row.addLayout(buttons)
        for label in (self._above, self._ability, self._facts):
            label.setMinimumWidth(1)  # else a long word would push the buttons out of the card
        self._above.setWordWrap(True)
        self._above.hide()

    def show_words(
        self, name: str, ability: str, facts: str, *, role: str = "", above: str = ""
    ) -> None:
        """Show what is said of the model; `role` is that of `ability`, `above` a first line."""
        self._above.setText(above)
        self._above.setVisible(bool(above))
        self._name.setText(visible_text(name))
        for label, text in ((self._ability, ability), (self._facts, facts)):
            label.setText(text)
            label.setVisible(bool(text))
        set_style_property(self._ability, "role", role)
        self.setAccessibleName(name)
        self.details_button.setAccessibleName(_("All details of {model}").format(model=name))

    def show_button(self, text: str, *, enabled: bool, model: str) -> None:
        """Label the button; a screen reader says the model with it."""
        self.button.setText(text)
        self.button.setAccessibleName(f"{text}: {model}")
        self.button.setEnabled(enabled)
