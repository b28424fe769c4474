"""Settings page: all settings by section, with a search line."""

from collections.abc import Callable, Sequence
from itertools import pairwise

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from core.base.errors import InglenookError
from core.base.i18n import _
from core.base.settings import app_settings as declared
from core.base.settings.app_settings import Settings
from core.base.settings.setting import Scalar, Setting, SettingSection
from core.library.index.index_server import parse_index_server
from desktop.kit.buttons_and_labels import add_clear_button, plain_label
from desktop.kit.confirm_dialog import ConfirmDialog
from desktop.kit.layers.page import Page
from desktop.kit.notices import NoticeCenter
from desktop.kit.reading_column import margins
from desktop.kit.theme import Theme, follow_text_size
from desktop.settings.setting_editors import SettingEditor, create_editor
from desktop.settings.setting_row import SettingRow

_SECTIONS_WIDTH = 180
_LETTERS = 88
_MARGIN, _GAP = 24, 16


class SettingsPage(Page):
    """Changes are saved at once; `changed` names each.

    The first section is there at once, the others follow while it is looked at: all together take
    half a second.
    """

    changed = Signal(object)  # Setting
    widest = 1000

    def __init__(
        self,
        theme: Theme,
        notices: NoticeCenter,
        settings: Settings,
        parent: QWidget,
        special: dict[str, Callable[[], SettingEditor]],
    ) -> None:
        """`special` holds factories for the editors of single settings, by key."""
        super().__init__(parent)
        self._theme = theme
        self._notices = notices
        self._settings = settings
        self._special = special
        self._rows: list[SettingRow] = []
        self._awaited: list[SettingSection] = []
        """Sections whose rows are still to be made."""
        self._headings: list[tuple[SettingSection, QLabel, list[SettingRow]]] = []
        self._build()
        self._connect()

    def _build(self) -> None:
        self.setWindowTitle(_("Settings"))
        self.setAccessibleName(_("Settings"))
        self.line = QLineEdit()
        self.line.setAccessibleName(_("Search the settings"))
        self.line.setPlaceholderText(_("Search the settings"))
        add_clear_button(self.line)
        self._none = plain_label(_("No setting fits these words."), "muted")
        self._none.hide()
        middle = QHBoxLayout()
        middle.setSpacing(_GAP)
        self.sections = QListWidget()
        self.sections.setObjectName("sections")
        self.sections.setAccessibleName(_("Sections"))
        middle.addWidget(self.sections)
        middle.addWidget(self._build_rows(), 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(_MARGIN, 20, _MARGIN, 20)
        column.setSpacing(12)
        column.addWidget(self.line)
        column.addWidget(self._none)
        column.addLayout(middle, 1)
        column.addWidget(plain_label(_("Every change is kept at once."), "muted", wrap=True))
        self.line.setFocus()
        follow_text_size(self, self._fit_sections)

    def _build_rows(self) -> QScrollArea:
        self._inside = QWidget()
        self._inside.setObjectName("column")
        self._column = column = QVBoxLayout(self._inside)
        column.setContentsMargins(margins(0, 0, 16, 0))
        column.setSpacing(0)
        column.addStretch(1)
        for section in SettingSection:
            if _settings_of(section) and section is not SettingSection.HIDDEN:
                self._awaited.append(section)
                QListWidgetItem(_(section.value), self.sections)
        self._add_section()
        self._scroll = QScrollArea()
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setWidget(self._inside)
        return self._scroll

    @property
    def rows(self) -> Sequence[SettingRow]:
        """The rows of all sections."""
        if self._awaited:
            while self._awaited:
                self._add_section()
            self._fit_sections()
        return self._rows

    def _add_section(self) -> None:
        """Make the rows of the next section."""
        column, section = self._column, self._awaited.pop(0)
        heading = plain_label(_(section.value), "section")
        heading.setContentsMargins(0, 12, 0, 4)
        column.insertWidget(column.count() - 1, heading)
        rows = []
        for setting in _settings_of(section):
            editor = create_editor(setting, self._theme, self._special)
            row = SettingRow(self._theme, editor, self._settings)
            row.changed.connect(self._on_row_changed)
            column.insertWidget(column.count() - 1, row)
            rows.append(row)
        _put_behind(self._rows, rows)
        self._rows += rows
        self._headings.append((section, heading, rows))

    def _on_idle(self) -> None:
        """Make one more section; a page that is read needs no other one at once."""
        if self._awaited:
            self._add_section()
            self._fit_sections()
            return
        self._idle.stop()
        self._on_section_chosen(self.sections.currentRow())  # all have their places now

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show the list of sections where there is room."""
        super().resizeEvent(event)
        self._fit_sections()

    def _fit_sections(self) -> None:
        """Hide the list of sections where there is hardly space for a setting and its value."""
        letter = self.fontMetrics().averageCharWidth()
        self.sections.setFixedWidth(max(_SECTIONS_WIDTH, 22 * letter))
        is_cut = self._least_width() > self.width()  # letters of some scripts are narrow
        self.sections.setVisible(self.width() / letter >= _LETTERS and not is_cut)
        for row in range(self.sections.count()):
            self.sections.item(row).setSizeHint(QSize(0, self.fontMetrics().height() + 14))

    def _least_width(self) -> int:
        """Return the width of the page at which nothing is cut beside the list of sections."""
        rows = self._inside.minimumSizeHint().width()
        bar = self._scroll.verticalScrollBar().sizeHint().width()
        return 2 * _MARGIN + self.sections.minimumWidth() + _GAP + rows + bar

    def _connect(self) -> None:
        self._idle = QTimer(self)
        self._idle.timeout.connect(self._on_idle)
        self._idle.start(0)
        self.line.textChanged.connect(self._on_text_changed)
        self.sections.currentRowChanged.connect(self._on_section_chosen)

    def refresh_values(self) -> None:
        """Show what was changed elsewhere, by a menu for instance."""
        for row in self.rows:
            row.show_value()

    def _on_row_changed(self, setting: Setting[Scalar], value: Scalar) -> None:
        if setting is declared.INDEX_SERVER and value:
            self._ask_about_server(str(value))
            return
        self._save_value(setting, value)

    def _ask_about_server(self, url: str) -> None:
        """Save the address of an index server once the person agrees to what is sent there."""
        row = next(each for each in self.rows if each.setting is declared.INDEX_SERVER)
        try:
            address = parse_index_server(url)
        except InglenookError as error:
            self._notices.post_error("settings", error)
            row.show_value()
            return
        text = _("The vectors of all folders are sent to {host}; texts are not. Agree?")
        dialog = ConfirmDialog(
            self._theme,
            self,
            title=_("Let a server hold the index?"),
            text=text.format(host=f"{address.host}:{address.port}"),
            button_text=_("Agree"),
            value=None,
        )
        dialog.prefer_cancel()
        dialog.accepted.connect(lambda: self._save_value(declared.INDEX_SERVER, url))
        dialog.rejected.connect(row.show_value)
        dialog.open()

    def _save_value(self, setting: Setting[Scalar], value: Scalar) -> None:
        row = next(each for each in self.rows if each.setting is setting)
        try:
            self._settings.set_value(setting, value)
        except InglenookError as error:
            self._notices.post_error("settings", error)
            row.show_value()
            return
        self._notices.dismiss_notice("settings")
        row.show_value(changed=True)
        self.changed.emit(setting)

    def _on_text_changed(self, text: str) -> None:
        words, all_rows = text.casefold().split(), self.rows
        for place, (_section, heading, rows) in enumerate(self._headings):
            for row in rows:
                row.setVisible(row.matches_words(words))
            some = any(not row.isHidden() for row in rows)
            heading.setVisible(some)
            self.sections.item(place).setHidden(not some)
        self._none.setVisible(all(row.isHidden() for row in all_rows))
        self._scroll.verticalScrollBar().setValue(0)

    def _on_section_chosen(self, place: int) -> None:
        if self.rows and 0 <= place < len(self._headings):
            heading = self._headings[place][1]
            self._scroll.verticalScrollBar().setValue(heading.y())


def _settings_of(section: SettingSection) -> list[Setting[Scalar]]:
    return [setting for setting in declared.ALL_SETTINGS if setting.section is section]


def _put_behind(rows: Sequence[SettingRow], more: Sequence[SettingRow]) -> None:
    """Let Tab go on from the last of these rows to the others, not from the end of the window."""
    stops = [
        stop
        for row in (*rows[-1:], *more)
        for stop in row.findChildren(QWidget)
        if stop.focusPolicy() & Qt.FocusPolicy.TabFocus
        and stop.window() is row.window()  # not the list that a field unfolds
    ]
    if rows:
        for before, after in pairwise(stops):
            QWidget.setTabOrder(before, after)
