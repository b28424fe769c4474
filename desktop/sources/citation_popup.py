"""Popup with the cited passage, shown next to a citation on hover or focus."""

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QEnterEvent, QGuiApplication
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from core.base.i18n import _
from core.chat.conversations.conversation import Source
from desktop.chat.controller.cited_source import cited_text, show_passage
from desktop.chat.markdown.citation_marks import CitationMark
from desktop.kit.buttons_and_labels import ElidedLabel, TextButton, plain_label
from desktop.kit.locale_formatting import one_line
from desktop.kit.theme import Theme
from desktop.kit.visible_text import visible_text
from desktop.sources.cards.source_card import format_passage_place

_APPEAR_MS = 250
_LEAVE_MS = 350
"""Long enough to move the pointer into it."""
_LONGEST = 420
_WIDTH = 420
_GAP = 6


class CitationPopup(QFrame):
    """Takes no focus: Enter on the citation still opens the document."""

    open_wanted = Signal(str, object)  # the turn, CitationMark
    citation_shown = Signal(str, object)  # the turn, Source with the sentence of the mark

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.ToolTip | Qt.WindowType.FramelessWindowHint)
        self._theme = theme
        self._citation = ("", CitationMark(0))
        self._source: Source | None = None
        self._beside = QRect()
        self._words = ""
        self._build()
        self._connect()

    def _build(self) -> None:
        self.setObjectName("mark_popup")
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._number = plain_label("")
        self._number.setObjectName("source_number")
        self._file = ElidedLabel("", "title", mode=Qt.TextElideMode.ElideMiddle)
        self._place = plain_label("", "muted", wrap=True)
        self._verdict = plain_label(_("≠ The source says something else:"), "error", wrap=True)
        self._text = plain_label("", wrap=True)
        self.open_button = TextButton(self._theme, _("Open the document"), role="link")
        self.open_button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        top = QHBoxLayout()
        top.setSpacing(8)
        top.addWidget(self._number)
        top.addWidget(self._file, 1)
        self._column = column = QVBoxLayout(self)
        column.setContentsMargins(14, 12, 14, 10)
        column.setSpacing(6)
        column.addLayout(top)
        column.addWidget(self._place)
        column.addWidget(self._verdict)
        column.addWidget(self._text)
        column.addWidget(self.open_button, 0, Qt.AlignmentFlag.AlignLeft)
        self.setFixedWidth(_WIDTH)
        self._appear = self._timer(_APPEAR_MS)
        self._leave = self._timer(_LEAVE_MS)

    def _timer(self, milliseconds: int) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(milliseconds)
        return timer

    def _connect(self) -> None:
        self._appear.timeout.connect(self._show)
        self._leave.timeout.connect(self.hide)
        self.open_button.clicked.connect(self._on_open_clicked)

    def show_soon(self, turn_id: str, mark: CitationMark, source: Source, beside: QRect) -> None:
        """Show a mark's sentence next to it after a moment, at once if another one is shown."""
        self._citation = (turn_id, mark)
        self._source = source
        self._beside = beside
        self._verdict.setVisible(mark.is_contrary)
        self._number.setText(str(source.n))
        self._file.setText(visible_text(source.file.rpartition("/")[2]))
        place = format_passage_place(source)
        self._place.setText(visible_text(place))
        self._place.setVisible(bool(place))
        show_passage(self._text, source, _LONGEST, self._theme.colours.muted)
        self.setAccessibleName(_("Source {n}").format(n=source.n))
        self._words = one_line(cited_text(source), _LONGEST)
        self.setAccessibleDescription(source.text)
        self._leave.stop()
        if self.isVisible():
            self._show()
        else:
            self._appear.start()

    def hide_soon(self) -> None:
        """Hide after a moment, unless the pointer enters."""
        self._appear.stop()
        if self.isVisible():
            self._leave.start()

    def dismiss(self) -> None:
        """Hide at once."""
        self._appear.stop()
        self._leave.stop()
        self.hide()

    def _show(self) -> None:
        self._appear.stop()
        self.adjustSize()
        height = self._column.heightForWidth(_WIDTH)
        self.resize(QSize(_WIDTH, max(height, self._column.minimumSize().height())))
        self.move(self._corner())
        self.show()
        self.raise_()
        verdict = "" if self._verdict.isHidden() else f" {self._verdict.text()}"
        words = f"{self._file.text()}. {self._place.text()}.{verdict} {self._words}"
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, words))
        if self._source is not None:
            self.citation_shown.emit(self._citation[0], self._source)

    def _corner(self) -> QPoint:
        """Return the top left corner: below the citation, or above if it does not fit below."""
        screen = QGuiApplication.screenAt(self._beside.center()) or self.screen()
        area = screen.availableGeometry()
        top = self._beside.bottom() + _GAP
        if top + self.height() > area.bottom():
            top = self._beside.top() - _GAP - self.height()
        left = min(self._beside.left(), area.right() - self.width())
        return QPoint(max(area.left(), left), max(area.top(), top))

    def enterEvent(self, event: QEnterEvent) -> None:
        """Stay while the pointer is inside."""
        super().enterEvent(event)
        self._leave.stop()

    def leaveEvent(self, event: QEvent) -> None:
        """Hide when the pointer has left."""
        super().leaveEvent(event)
        self._leave.start()

    def _on_open_clicked(self) -> None:
        self.dismiss()
        self.open_wanted.emit(*self._citation)
