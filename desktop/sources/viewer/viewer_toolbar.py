"""Viewer toolbar: title and place of the open document, its tools and the ways out."""

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QIntValidator
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from core.base.i18n import _
from desktop.kit.buttons_and_labels import ElidedLabel, IconButton, plain_label
from desktop.kit.locale_formatting import format_count, format_decimal
from desktop.kit.reading_column import margins
from desktop.kit.theme import Theme
from desktop.sources.pages.page_layout import PageLayout


class ViewerHeader(QWidget):
    """Shows the file name and the passage's place; emits the buttons' signals."""

    closed = Signal()
    window_wanted = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._build()
        self.close_button.clicked.connect(self.closed)
        self.window_button.clicked.connect(self.window_wanted)

    def _build(self) -> None:
        self._title = ElidedLabel(role="title", mode=Qt.TextElideMode.ElideMiddle)
        self._place = ElidedLabel(role="muted")
        self.window_button = IconButton(
            self._theme, "window", _("Show it in a window of its own"), size=16
        )
        self.close_button = IconButton(self._theme, "close", _("Close the document (Esc)"), size=16)
        names = QVBoxLayout()
        names.setSpacing(2)
        names.addWidget(self._title)
        names.addWidget(self._place)
        row = QHBoxLayout(self)
        row.setContentsMargins(margins(16, 10, 8, 4))
        row.addLayout(names, 1)
        row.addWidget(self.window_button, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.close_button, 0, Qt.AlignmentFlag.AlignTop)

    def show_source(self, file: str, place: str) -> None:
        """Show the name of the document and the place of the passage in it."""
        self._title.setText(file)
        self._place.setText(place)
        self._place.setVisible(bool(place))

    def set_in_own_window(self, *, alone: bool) -> None:
        """Hide the button for an own window while the viewer is in one."""
        self.window_button.setVisible(not alone)


_MOST_PAGES = 1_000_000


class ViewerToolbar(QFrame):
    """Buttons and the page field; emits what was clicked."""

    passage_wanted = Signal(int)
    page_wanted = Signal(int)
    zoom_wanted = Signal(int)
    """1: larger, -1: smaller, 0: the width."""
    find_wanted = Signal()
    menu_wanted = Signal(QPoint)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._build()
        self._connect()

    def _build(self) -> None:
        theme = self._theme
        self.setObjectName("viewer_bar")
        self.previous_button = IconButton(theme, "up", _("Previous passage (Alt+Up)"), size=16)
        self.next_button = IconButton(theme, "down", _("Next passage (Alt+Down)"), size=16)
        self.line = QLineEdit()
        self.line.setObjectName("page_field")
        self.line.setAccessibleName(_("Page number"))
        self.line.setToolTip(_("Go to a page (Ctrl+G)"))
        self.line.setValidator(QIntValidator(1, _MOST_PAGES, self))
        self._pages = plain_label("", "muted")
        self.zoom_out_button = IconButton(theme, "minus", _("Smaller (Ctrl+-)"), size=16)
        self.zoom_in_button = IconButton(theme, "add", _("Larger (Ctrl++)"), size=16)
        self.fit_width_button = IconButton(theme, "fit-width", _("Fit the width (Ctrl+0)"), size=16)
        self.find_button = IconButton(theme, "search", _("Find in this document (Ctrl+F)"), size=16)
        self.menu_button = IconButton(theme, "more", _("More about this document"), size=16)
        row = QHBoxLayout(self)
        row.setContentsMargins(margins(12, 0, 8, 4))
        row.setSpacing(2)
        for part in (self.previous_button, self.next_button, self.line, self._pages):
            row.addWidget(part)
        row.addStretch(1)
        for part in (
            self.zoom_out_button,
            self.zoom_in_button,
            self.fit_width_button,
            self.find_button,
            self.menu_button,
        ):
            row.addWidget(part)
        self._fit_page_field()

    def _connect(self) -> None:
        self.previous_button.clicked.connect(lambda: self.passage_wanted.emit(-1))
        self.next_button.clicked.connect(lambda: self.passage_wanted.emit(1))
        self.line.returnPressed.connect(self._on_page_entered)
        self.zoom_out_button.clicked.connect(lambda: self.zoom_wanted.emit(-1))
        self.zoom_in_button.clicked.connect(lambda: self.zoom_wanted.emit(1))
        self.fit_width_button.clicked.connect(lambda: self.zoom_wanted.emit(0))
        self.find_button.clicked.connect(self.find_wanted)
        self.menu_button.clicked.connect(self._on_more_clicked)

    def show_page(self, page: int, pages: int) -> None:
        """Show the current page; the field is hidden for a document without pages."""
        for part in (self.line, self._pages):
            part.setVisible(pages > 0)
        if not self.line.hasFocus() or not self.line.isModified():
            self.line.setText(str(page))
        self._pages.setText(_("of {pages}").format(pages=format_count(pages)))

    def show_zoom(self, layout: PageLayout) -> None:
        """Show the zoom in the tool tip."""
        percent = _("{percent} %").format(percent=format_decimal(layout.zoom * 100, 0))
        words = _("Fit the width (Ctrl+0)")
        self.fit_width_button.setToolTip(words if layout.fits_width else f"{words} · {percent}")

    def set_view_mode(self, *, drawn: bool) -> None:
        """Offer zoom for pictures of pages, not for text."""
        for part in (self.zoom_out_button, self.zoom_in_button, self.fit_width_button):
            part.setVisible(drawn)

    def set_passage_count(self, number: int) -> None:
        """Offer to step where there is more than one passage."""
        for part in (self.previous_button, self.next_button):
            part.setEnabled(number > 1)

    def changeEvent(self, event: object) -> None:
        """Follow the font."""
        super().changeEvent(event)  # type: ignore[arg-type]
        self._fit_page_field()

    def _fit_page_field(self) -> None:
        if hasattr(self, "line"):
            self.line.setFixedWidth(self.fontMetrics().horizontalAdvance("000") + 24)

    def _on_page_entered(self) -> None:
        self.line.setModified(False)
        if self.line.text():
            self.page_wanted.emit(int(self.line.text()))

    def _on_more_clicked(self) -> None:
        self.menu_wanted.emit(self.menu_button.mapToGlobal(self.menu_button.rect().bottomLeft()))
