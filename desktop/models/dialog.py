"""The dialog of models: what is on this computer, what can be fetched, where models are found."""

from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QTableView, QTabWidget, QVBoxLayout, QWidget

from core.app.events import AppEvent, RequestFailed
from core.models.entry import ModelEntry
from core.words import _
from desktop.buttons import TextButton, plain_label
from desktop.drops import sorted_paths
from desktop.models.catalog_tab import CatalogTab
from desktop.models.choice import ModelChoice
from desktop.models.fetch_list import FetchList
from desktop.models.folders_tab import FoldersTab
from desktop.models.job_strip import JobStrip
from desktop.models.shelf_tab import ShelfTab
from desktop.models.table import ShelfTable
from desktop.models.tall_page import TallPage
from desktop.models.work import ModelWork
from desktop.notices import Notices, NoticeStack
from desktop.ports import Front
from desktop.theme import Theme

SHELF, CATALOG, FOLDERS = "shelf", "catalog", "folders"
TABS = (SHELF, CATALOG, FOLDERS)


class ModelDialog(QDialog):
    """Three tabs; what is under way stands above them, whichever is open."""

    def __init__(
        self,
        theme: Theme,
        notices: Notices,
        front: Front,
        choice: ModelChoice,
        holder: QWidget,
    ) -> None:
        super().__init__(holder)
        self._theme = theme
        self._notices = notices
        self._front = front
        self._choice = choice
        self._holder = holder
        self._build()
        self._connect()
        self.shelf_tab.refresh()
        self._on_shelf_changed()
        self.fetches.refresh()

    def _build(self) -> None:
        self.setWindowTitle(_("Models"))
        self.setAccessibleName(_("Models"))
        self.setAcceptDrops(True)
        self._take_size()
        self.fetches = FetchList(self._theme, self._front.fetches)
        self.job = JobStrip(self._theme)
        self.shelf_tab = ShelfTab(self._theme, self._front, self._choice)
        self.catalog_tab = CatalogTab(self._theme, self._front)
        self.folders_tab = FoldersTab(self._theme, self._front)
        self.tabs = QTabWidget()
        self.tabs.setAccessibleName(_("Models"))
        for tab, title in (
            (self.shelf_tab, _("On this computer")),
            (self.catalog_tab, _("Catalog")),
            (self.folders_tab, _("Folders")),
        ):
            self.tabs.addTab(tab, title)
        self.close_button = TextButton(self._theme, _("Close"))
        foot = QHBoxLayout()
        words = _("Drop a GGUF file here to add it; it is used where it lies.")
        foot.addWidget(plain_label(words, "muted", wrap=True), 1)
        foot.addWidget(self.close_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 12, 20, 16)
        column.setSpacing(8)
        self._fetch_area = TallPage(most_lines=16)
        self._fetch_area.hold(self.fetches)
        for part in (NoticeStack(self._theme, self._notices), self._fetch_area, self.job):
            column.addWidget(part)
        column.addWidget(self.tabs, 1)
        column.addLayout(foot)
        self.work = ModelWork(
            self._theme, self._front, self._notices, self.job, self.catalog_tab.catalog, self
        )
        self.work.resume()

    def _take_size(self) -> None:
        letter = self.fontMetrics().averageCharWidth()
        room = self._holder.size()
        self.resize(
            max(560, min(200 * letter, room.width() - 32)),
            max(420, min(124 * letter, room.height() - 24)),
        )

    def _connect(self) -> None:
        self._choice.changed.connect(self._on_shelf_changed)
        self.close_button.clicked.connect(self.accept)
        self.finished.connect(self._on_finished)
        self.shelf_tab.copy_wanted.connect(self.work.copy)
        self.shelf_tab.pane.stop_loading_wanted.connect(self._front.loads.cancel_loading)
        self.catalog_tab.fetch_wanted.connect(self.work.fetch)
        self.folders_tab.scanning_changed.connect(self.shelf_tab.show_scanning)
        self.fetches.emptied.connect(self._fetch_area.setHidden)
        self.fetches.use_wanted.connect(self._on_use_wanted)
        self.shelf_tab.pane.levels.fetch_wanted.connect(self.work.fetch)
        for levels in (self.shelf_tab.pane.levels, self.catalog_tab.levels):
            levels.make_wanted.connect(self.work.make)
            levels.measure_wanted.connect(self.work.measure)
        self.catalog_tab.levels.use_wanted.connect(self._on_use_wanted)

    @property
    def shelf(self) -> ShelfTable:
        """The rows."""
        return self.shelf_tab.shelf

    @property
    def table(self) -> QTableView:
        """The list."""
        return self.shelf_tab.table

    @property
    def use_button(self) -> TextButton:
        """What lets the selected model answer."""
        return self.shelf_tab.use_button

    @property
    def forget_button(self) -> TextButton:
        """What takes the selected model off the list."""
        return self.shelf_tab.forget_button

    @property
    def current(self) -> ModelEntry | None:
        """The file of the selected row."""
        return self.shelf_tab.current

    def select(self, ref: str) -> None:
        """Select a file."""
        self.shelf_tab.select(ref)

    def turn_to(self, tab: str) -> None:
        """Show one of TABS."""
        self.tabs.setCurrentIndex(TABS.index(tab))

    def handle(self, event: AppEvent) -> None:
        """Take what was heard of models, files, levels and fetches."""
        for part in (
            self.shelf_tab.pane,
            self.catalog_tab.levels,
            self.folders_tab,
            self.fetches,
            self.job,
        ):
            part.handle(event)
        self.work.handle(event)

    def fail(self, event: RequestFailed) -> bool:
        """Take a failed request; returns whether it was asked here."""
        parts = (
            self.work,
            self.shelf_tab.pane,
            self.catalog_tab.levels,
            self.folders_tab,
            self.job,
        )
        return any(part.fail(event) for part in parts)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take files."""
        if event.mimeData().hasUrls():
            event.acceptProposedAction()
        else:
            event.ignore()

    def dropEvent(self, event: QDropEvent) -> None:
        """Add the GGUF files among what was dropped, and folders as folders of models."""
        dropped = sorted_paths(event.mimeData())
        for path in dropped.models:
            if self._front.adapters.holds(path):
                self.shelf_tab.pane.adapters.add(path)
            else:
                self.turn_to(SHELF)
                self.shelf_tab.add_all([path])
        for path in dropped.folders:
            self.turn_to(FOLDERS)
            self.folders_tab.add(path)
        event.acceptProposedAction()

    def _on_shelf_changed(self) -> None:
        self.folders_tab.refresh(self._choice.models)

    def _on_use_wanted(self, ref: str) -> None:
        self.turn_to(SHELF)
        self.shelf_tab.use(ref)

    def _on_finished(self) -> None:
        self.shelf_tab.pane.close_requests()
        self.catalog_tab.levels.close_requests()
        self.deleteLater()
