"""Folder page: state of one folder, its documents, skipped files, excluded parts, its test."""

from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QProgressBar,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from core.base.i18n import _
from core.base.time_left import format_time_left
from core.messages import FileSkipped, FolderFile, FolderState, SyncProgress
from desktop.kit.buttons_and_labels import (
    ElidedLabel,
    TextButton,
    plain_label,
    set_style_property,
)
from desktop.kit.layers.flow_layout import ButtonRow
from desktop.kit.layers.page import Page
from desktop.kit.locale_formatting import format_count, format_moment
from desktop.kit.theme import Theme
from desktop.library.documents_tab import DocumentsTab
from desktop.library.excluded_parts_tab import ExcludedPartsTab
from desktop.library.folder_evaluation_tab import FolderEvaluationTab
from desktop.library.folder_formatting import (
    format_folder_progress,
    format_folder_state,
    format_watch_state,
)
from desktop.library.skipped_files_tab import SkippedFilesTab

_PARTS = 100
TABS = ("documents", "skipped", "passed_over", "evaluation")


class FolderPage(Page):
    """Shows one folder in four tabs; emits what was clicked."""

    sync_wanted = Signal(str)
    pause_wanted = Signal(str, bool)
    widest = 1100

    def __init__(self, theme: Theme, parent: QWidget, folder: FolderState) -> None:
        super().__init__(parent)
        self._theme = theme
        self.folder = folder
        self._build()
        self._connect()
        self.show_folder(folder)

    def _build(self) -> None:
        self._path = ElidedLabel("", "muted", mode=Qt.TextElideMode.ElideMiddle)
        self._state = plain_label("", wrap=True)
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._sync = TextButton(self._theme, _("Sync now"), icon="again")
        self._pause = TextButton(self._theme, _("Pause reading"), icon="pause")
        self.documents = DocumentsTab(self._theme)
        self.skipped = SkippedFilesTab(self._theme)
        self.passed_over = ExcludedPartsTab(self._theme)
        self.evaluation = FolderEvaluationTab(self._theme)
        self.tabs = QTabWidget()
        self.tabs.setAccessibleName(_("About this folder"))
        for tab, title in (
            (self.documents, _("Documents")),
            (self.skipped, _("Skipped")),
            (self.passed_over, _("Passed over")),
            (self.evaluation, _("How well it is found")),
        ):
            self.tabs.addTab(tab, title)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(12)
        for part in (self._path, self._state):
            column.addWidget(part)
        column.addWidget(self._build_buttons())
        column.addWidget(self._bar)
        column.addWidget(self.tabs, 1)

    def _build_buttons(self) -> ButtonRow:
        row = ButtonRow()
        row.add_buttons(self._sync, self._pause)
        return row

    def _connect(self) -> None:
        self._sync.clicked.connect(lambda: self.sync_wanted.emit(self.folder.folder_id))
        self._pause.clicked.connect(self._on_pause_clicked)

    def show_tab(self, tab: str) -> None:
        """Show one of TABS."""
        self.tabs.setCurrentIndex(TABS.index(tab))
        first = (
            self.documents.line,
            self.skipped.table,
            self.passed_over.hidden_box,
            self.evaluation.test_button,
        )
        first[TABS.index(tab)].setFocus()

    def show_folder(self, folder: FolderState) -> None:
        """Show a folder as it is now."""
        self.folder = folder
        title = _("Folder {folder}").format(folder=folder.name)
        self.setWindowTitle(title)
        self.setAccessibleName(title)
        self._path.setText(folder.path)
        words, role = format_folder_state(folder)
        parts = [words, _format_last_sync(folder), format_watch_state(folder)]
        self._state.setText(" · ".join(filter(None, parts)))
        set_style_property(self._state, "role", role)
        self._bar.setAccessibleName(_("Reading {folder}").format(folder=folder.name))
        self._bar.setVisible(folder.state == "syncing")
        if folder.state == "syncing":
            self._bar.setRange(0, 0)
        paused = folder.state == "paused"
        self._pause.setText(_("Resume reading") if paused else _("Pause reading"))
        self._pause.setAccessibleName(self._pause.text())
        self._pause.show_icon("play" if paused else "pause")
        self._sync.setEnabled(folder.state not in {"paused", "syncing", "offline"})
        self.tabs.setTabText(0, _("Documents ({count})").format(count=format_count(folder.indexed)))
        self.passed_over.show_included_parts(folder)

    def show_progress(self, progress: SyncProgress) -> None:
        """Show the progress of a sync."""
        self._bar.setRange(0, max(progress.total, 1) * _PARTS)
        self._bar.setValue(progress.done * _PARTS + int(progress.part * _PARTS))
        self._bar.show()
        parts = [format_folder_progress(progress), format_time_left(progress.seconds_left)]
        self._state.setText(" · ".join(filter(None, parts)))
        set_style_property(self._state, "role", "muted")

    def show_skipped(self, files: tuple[FileSkipped, ...]) -> None:
        """Show what was not read: files in one tab, whole parts in another."""
        parts = tuple(file for file in files if file.code.startswith("part_"))
        single = tuple(file for file in files if not file.code.startswith("part_"))
        self.skipped.show_files(single)
        self.passed_over.show_excluded_parts(parts)
        for tab, words, number in (
            (1, _("Skipped ({count})"), len(single)),
            (2, _("Passed over ({count})"), len(parts)),
        ):
            self.tabs.setTabText(tab, words.format(count=format_count(number)))

    def show_documents(self, files: tuple[FolderFile, ...], total: int) -> None:
        """Show documents, those read last first."""
        self.documents.show_files(self.folder.path, files, total)

    def _on_pause_clicked(self) -> None:
        self.pause_wanted.emit(self.folder.folder_id, self.folder.state != "paused")


def _format_last_sync(folder: FolderState) -> str:
    if folder.synced is None or not folder.is_in_step:
        return ""
    now = datetime.now().astimezone()
    return _("in step since {moment}").format(moment=format_moment(folder.synced, now.date()))
