"""The welcome: three pages, each of which can be skipped, and so can all of them."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAccessibleEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from core.words import _
from desktop.buttons import TextButton, plain_label
from desktop.dialogs import give_room
from desktop.first_run.pages import Page
from desktop.theme import Theme

_WIDTH, _HEIGHT = 600, 440


class Welcome(QDialog):
    """Shows pages one after the other."""

    def __init__(self, theme: Theme, pages: Sequence[Page], holder: QWidget) -> None:
        super().__init__(holder)
        self._theme = theme
        self._pages = pages
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._build()
        self._connect()
        self._show(0)

    def _build(self) -> None:
        self.setWindowTitle(_("Welcome to Inglenook"))
        self.setAccessibleName(_("Welcome to Inglenook"))
        give_room(self, _WIDTH, _HEIGHT)
        self._stack = QStackedWidget()
        for page in self._pages:
            self._stack.addWidget(page)
        self._place = plain_label(role="muted")
        self.skip = TextButton(self._theme, _("Skip"), role="quiet")
        self.back = TextButton(self._theme, _("Back"))
        self.on = TextButton(self._theme, _("Next"), role="primary")
        self.on.setDefault(True)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self.skip)
        foot.addStretch(1)
        foot.addWidget(self._place)
        foot.addSpacing(8)
        foot.addWidget(self.back)
        foot.addWidget(self.on)
        column = QVBoxLayout(self)
        column.setContentsMargins(32, 28, 32, 24)
        column.setSpacing(16)
        column.addWidget(self._stack, 1)
        column.addLayout(foot)

    def _connect(self) -> None:
        self.skip.clicked.connect(self.reject)
        self.back.clicked.connect(self._on_back_clicked)
        self.on.clicked.connect(self._on_on_clicked)

    @property
    def page(self) -> Page:
        """The page that is shown."""
        return self._pages[self._stack.currentIndex()]

    def _show(self, place: int) -> None:
        last = place == len(self._pages) - 1
        self._stack.setCurrentIndex(place)
        told = _("{n} of {count}").format(n=place + 1, count=len(self._pages))
        self._place.setText(told)
        self.back.setEnabled(place > 0)
        self.on.setText(_("Start") if last else _("Next"))
        self.on.setAccessibleName(self.on.text())
        self.on.setFocus()
        self.setAccessibleDescription(f"{self.page.title}, {told}")
        QAccessible.updateAccessibility(
            QAccessibleEvent(self, QAccessible.Event.DescriptionChanged)
        )

    def _on_back_clicked(self) -> None:
        self._show(self._stack.currentIndex() - 1)

    def _on_on_clicked(self) -> None:
        place = self._stack.currentIndex()
        if place == len(self._pages) - 1:
            self.accept()
        else:
            self._show(place + 1)
