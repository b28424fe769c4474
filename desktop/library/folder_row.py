"""Folder row of the sidebar: check box, reading progress and menu of one folder."""

from functools import partial

from msgspec import structs
from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QMenu, QProgressBar, QVBoxLayout, QWidget

from core.base.i18n import _, ngettext
from core.messages import FolderState, SyncProgress
from desktop.kit.buttons_and_labels import (
    ElidedLabel,
    IconButton,
    IconLabel,
    TextButton,
    as_tooltip,
    pop_up_menu,
    set_style_property,
)
from desktop.kit.check_box import ThemedCheckBox
from desktop.kit.locale_formatting import format_count
from desktop.kit.reading_column import margins
from desktop.kit.theme import Theme
from desktop.library.folder_formatting import (
    format_folder_location,
    format_folder_state,
    format_row_progress,
)

_PARTS = 100
"""Steps of the bar for each file: it moves within a long file too."""


class FolderRow(QWidget):
    """Shows one folder and its sync; emits what was clicked."""

    ticked = Signal(str, bool)
    sync_wanted = Signal(str)
    retry_wanted = Signal(str)
    pause_wanted = Signal(str, bool)
    hidden_wanted = Signal(str, bool)
    details_wanted = Signal(str, str)
    """A folder's id, and one of the page's TABS."""
    remove_wanted = Signal(str)

    def __init__(self, theme: Theme, folder: FolderState) -> None:
        super().__init__()
        self._theme = theme
        self.folder = folder
        self._build()
        self._connect()
        self.show_folder(folder)

    def _build(self) -> None:
        self.box = ThemedCheckBox(self._theme)
        self.more = IconButton(self._theme, "more", _("More about this folder"), size=16)
        top = QHBoxLayout()
        top.setContentsMargins(0, 0, 0, 0)
        top.setSpacing(4)
        self.offline_icon = IconLabel(self._theme, "drive", _("Its drive is not there"))
        self.offline_icon.hide()
        self.pause = IconButton(self._theme, "pause", _("Pause reading"), size=16)
        self.pause.hide()
        top.addWidget(self.box, 1)
        for part in (self.offline_icon, self.pause, self.more):
            top.addWidget(part)
        self.state_label = ElidedLabel(role="muted", mode=Qt.TextElideMode.ElideMiddle)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        _keep_place_when_hidden(self.bar)
        self.bar.hide()
        self.skipped = TextButton(self._theme, "", role="link")
        self.skipped.setProperty("tone", "warning")
        column = QVBoxLayout(self)
        column.setContentsMargins(margins(10, 2, 6, 2))
        column.setSpacing(0)
        column.addLayout(top)
        self._below = below = QVBoxLayout()
        self._indent()
        below.setSpacing(2)
        below.addWidget(self.state_label)
        below.addWidget(self.bar)
        below.addWidget(self.skipped, 0, Qt.AlignmentFlag.AlignLeft)
        column.addLayout(below)

    def _connect(self) -> None:
        self.box.toggled.connect(self._on_toggled)
        self.pause.clicked.connect(self._on_pause_clicked)
        self.more.clicked.connect(self._on_more_clicked)
        self.skipped.clicked.connect(self._on_skipped_clicked)
        self._theme.changed.connect(self._indent)

    def _indent(self) -> None:
        """Align the state with the folder's name."""
        self._below.setContentsMargins(margins(self.box.text_indent, 0, 0, 0))

    def show_folder(self, folder: FolderState) -> None:
        """Show a folder as it is now."""
        self.folder = folder
        self.box.setText(folder.name.replace("&", "&&"))
        self.box.setToolTip(as_tooltip(format_folder_location(folder)))
        self.box.setAccessibleName(_("Answer from {folder}").format(folder=folder.name))
        self.more.setAccessibleName(_("More about {folder}").format(folder=folder.name))
        self.bar.setAccessibleName(_("Reading {folder}").format(folder=folder.name))
        syncing = folder.state == "syncing"
        self.bar.setVisible(syncing)
        if syncing:
            self.bar.setRange(0, 0)
        self._show_pause(folder)
        self.offline_icon.setVisible(folder.state == "offline")
        words, role = format_folder_state(folder)
        self.state_label.setText(words)
        self.state_label.set_details("")
        set_style_property(self.state_label, "role", role)
        self._show_skipped(folder.skipped)

    def show_progress(self, progress: SyncProgress) -> None:
        """Show the progress of a sync, which may have begun by itself."""
        if self.folder.state != "syncing":
            self.folder = structs.replace(self.folder, state="syncing")
            self._show_pause(self.folder)
        self.bar.setRange(0, max(progress.total, 1) * _PARTS)
        self.bar.setValue(progress.done * _PARTS + int(progress.part * _PARTS))
        self.bar.setVisible(True)
        self.state_label.setText(format_row_progress(progress))
        self.state_label.set_details(progress.current if progress.seconds_left is not None else "")
        set_style_property(self.state_label, "role", "muted")
        self._show_skipped(progress.skipped)

    def _show_pause(self, folder: FolderState) -> None:
        paused = folder.state == "paused"
        words = _("Resume reading {folder}") if paused else _("Pause reading {folder}")
        self.pause.show_icon("play" if paused else "pause", words.format(folder=folder.name))
        self.pause.setVisible(folder.state in {"paused", "syncing"})

    def set_ticked(self, *, ticked: bool) -> None:
        """Tick or untick without emitting `ticked`."""
        with QSignalBlocker(self.box):
            self.box.setChecked(ticked)

    def _show_skipped(self, number: int) -> None:
        words = ngettext("{count} file skipped", "{count} files skipped", number)
        self.skipped.setText(words.format(count=format_count(number)))
        self.skipped.setAccessibleName(self.skipped.text())
        self.skipped.setVisible(number > 0)

    def _on_toggled(self, checked: bool) -> None:  # noqa: FBT001 - Qt's own signature
        self.ticked.emit(self.folder.folder_id, checked)

    def _on_skipped_clicked(self) -> None:
        self.details_wanted.emit(self.folder.folder_id, "skipped")

    def _on_pause_clicked(self) -> None:
        self.pause_wanted.emit(self.folder.folder_id, self.folder.state != "paused")

    def _on_more_clicked(self) -> None:
        folder_id = self.folder.folder_id
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(_("Sync now")).triggered.connect(lambda: self.sync_wanted.emit(folder_id))
        for words, tab in (
            (_("Documents…"), "documents"),
            (_("Skipped files…"), "skipped"),
            (_("What is passed over…"), "passed_over"),
            (_("How well it is found…"), "evaluation"),
        ):
            opened = menu.addAction(words)
            opened.triggered.connect(partial(self.details_wanted.emit, folder_id, tab))
        menu.addSeparator()
        paused = self.folder.state == "paused"
        pause = menu.addAction(_("Resume reading") if paused else _("Pause reading"))
        pause.triggered.connect(lambda: self.pause_wanted.emit(folder_id, not paused))
        retry = menu.addAction(_("Read skipped files again"))
        retry.setEnabled(self.folder.skipped > 0)
        retry.triggered.connect(lambda: self.retry_wanted.emit(folder_id))
        hidden = menu.addAction(_("Read hidden folders too"))
        hidden.setCheckable(True)
        hidden.setChecked(self.folder.hidden)
        hidden.triggered.connect(lambda wanted: self.hidden_wanted.emit(folder_id, wanted))
        menu.addSeparator()
        remove = menu.addAction(_("Remove from Inglenook…"))
        remove.triggered.connect(lambda: self.remove_wanted.emit(folder_id))
        pop_up_menu(menu, self.more.mapToGlobal(self.more.rect().bottomLeft()))


def _keep_place_when_hidden(widget: QWidget) -> None:
    """Keep the height of a row: those around it would move under the mouse."""
    policy = widget.sizePolicy()
    policy.setRetainSizeWhenHidden(True)
    widget.setSizePolicy(policy)
