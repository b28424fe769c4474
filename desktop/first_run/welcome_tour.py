"""Welcome tour: three pages, each of which can be skipped."""

from collections.abc import Sequence

from PySide6.QtGui import QAccessible, QAccessibleEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from core.base.i18n import _
from desktop.first_run.welcome_pages import WelcomePage
from desktop.kit.buttons_and_labels import TextButton, plain_label
from desktop.kit.layers.flow_layout import ButtonRow
from desktop.kit.layers.page import Page
from desktop.kit.locale_formatting import format_count
from desktop.kit.theme import Theme


class WelcomeTour(Page):
    """Shows the pages one after the other."""

    widest = 720

    def __init__(self, theme: Theme, pages: Sequence[WelcomePage], parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._pages = pages
        self._build()
        self._connect()
        self._show(0)

    def _build(self) -> None:
        self.setWindowTitle(_("Welcome to Inglenook"))
        self.setAccessibleName(_("Welcome to Inglenook"))
        self._stack = QStackedWidget()
        for page in self._pages:
            self._stack.addWidget(page)
        self._place = plain_label(role="muted")
        self.skip_button = TextButton(self._theme, _("Skip"), role="quiet")
        self.back_button = TextButton(self._theme, _("Back"))
        self.next_button = TextButton(self._theme, _("Next"), role="primary")
        onward = QWidget()
        steps = QHBoxLayout(onward)
        steps.setContentsMargins(0, 0, 0, 0)
        steps.setSpacing(8)
        steps.addWidget(self._place)
        steps.addSpacing(8)
        steps.addWidget(self.back_button)
        steps.addWidget(self.next_button)
        foot = ButtonRow()
        foot.add_buttons(self.skip_button)
        foot.add_buttons(onward, at_end=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(32, 28, 32, 24)
        column.setSpacing(16)
        column.addWidget(self._stack, 1)
        column.addWidget(foot)

    def _connect(self) -> None:
        self.skip_button.clicked.connect(self.reject)
        self.back_button.clicked.connect(self._on_back_clicked)
        self.next_button.clicked.connect(self._on_on_clicked)

    @property
    def current_page(self) -> WelcomePage:
        """The visible page."""
        return self._pages[self._stack.currentIndex()]

    def _show(self, place: int) -> None:
        last = place == len(self._pages) - 1
        self._stack.setCurrentIndex(place)
        text = _("{n} of {count}").format(
            n=format_count(place + 1), count=format_count(len(self._pages))
        )
        self._place.setText(text)
        self.back_button.setEnabled(place > 0)
        self.next_button.setText(_("Start") if last else _("Next"))
        self.next_button.setAccessibleName(self.next_button.text())
        self.next_button.setFocus()
        self.setAccessibleDescription(f"{self.current_page.title}, {text}")
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
