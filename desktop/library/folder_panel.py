"""Folder panel of the sidebar: all folders, and the check boxes of the open chat."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QMenu, QScrollArea, QVBoxLayout, QWidget

from core.base.i18n import _
from core.base.paths import embedding_model, multilingual_embedding_model
from core.messages import FolderState, SyncProgress
from desktop.kit.buttons_and_labels import IconButton, plain_label, pop_up_menu
from desktop.kit.reading_column import margins
from desktop.kit.theme import Theme
from desktop.library.folder_row import FolderRow

_MAX_HEIGHT = 300
_MIN_HEIGHT = 72
"""Of the rows where the window is low: one of them, and a part of the next."""


class _Rows(QWidget):
    """Emits `grown` when the height of a row has changed."""

    grown = Signal()

    def event(self, event: QEvent) -> bool:
        done = super().event(event)
        if event.type() is QEvent.Type.LayoutRequest:
            self.grown.emit()
        return done


class FolderPanel(QWidget):
    """Shows all folders; emits what was clicked."""

    add_wanted = Signal()
    ticks_changed = Signal()
    ticked_by_hand = Signal()
    """A person ticked or unticked a folder, and goes on to type."""
    sync_wanted = Signal(str)
    retry_wanted = Signal(str)
    pause_wanted = Signal(str, bool)
    """A folder's id ("": all of them), and whether it is to be paused."""
    hidden_wanted = Signal(str, bool)
    details_wanted = Signal(str, str)
    """A folder's id, and one of the page's TABS."""
    remove_wanted = Signal(str)
    sync_all_wanted = Signal()
    check_wanted = Signal()
    embedder_wanted = Signal()
    own_embedder_wanted = Signal(str)
    """A folder of one that ships, "" for the one that suits the documents' languages."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._rows: dict[str, FolderRow] = {}
        self._ticked: set[str] = set()
        self._is_listed = False
        """Whether it is known which folders there are."""
        self._build()
        self._add.clicked.connect(self.add_wanted)
        self.more.clicked.connect(self._on_more_clicked)

    def _build(self) -> None:
        self._add = IconButton(self._theme, "add", _("Add a folder (Ctrl+Shift+O)"), size=16)
        head = QHBoxLayout()
        head.setContentsMargins(margins(18, 4, 14, 0))
        head.addWidget(plain_label(_("Folders"), "section"))
        head.addStretch(1)
        self.more = IconButton(self._theme, "more", _("More about all folders"), size=16)
        head.addWidget(self.more)
        head.addWidget(self._add)
        self._none = plain_label(_("Reading the list of folders…"), "muted", wrap=True)
        self._none.setContentsMargins(margins(18, 0, 12, 4))
        self._reembedding = plain_label("", "muted", wrap=True)
        self._reembedding.setContentsMargins(margins(18, 0, 12, 4))
        self._reembedding.hide()
        self._check = plain_label(_("Checking what was read…"), "muted", wrap=True)
        self._check.setContentsMargins(margins(18, 0, 12, 4))
        self._check.hide()
        self._area_rows = rows = _Rows()
        rows.grown.connect(self._fit_height)
        self._column = QVBoxLayout(rows)
        self._column.setContentsMargins(8, 0, 8, 0)
        self._column.setSpacing(0)
        self._column.addStretch(1)
        self._area = QScrollArea()
        self._area.setWidget(rows)
        self._area.setWidgetResizable(True)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setAccessibleName(_("Folders"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(head)
        column.addWidget(self._none)
        column.addWidget(self._reembedding)
        column.addWidget(self._check)
        column.addWidget(self._area)
        self._fit_height()

    @property
    def ticked_folder_ids(self) -> tuple[str, ...]:
        """Ids of the folders the open chat answers from, in the order they are shown."""
        if not self._is_listed:  # a question that is asked meanwhile waits for them
            return tuple(sorted(self._ticked))
        return tuple(folder_id for folder_id in self._rows if folder_id in self._ticked)

    @property
    def ticked_folders(self) -> tuple[FolderState, ...]:
        """The folders the open chat answers from, in the order they are shown."""
        return tuple(row.folder for row_id, row in self._rows.items() if row_id in self._ticked)

    @property
    def awaits_ticked_folders(self) -> bool:
        """Whether the open chat answers from folders whose names are not known yet."""
        return bool(self._ticked) and not self._is_listed

    def set_ticked_folders(self, folder_ids: Sequence[str]) -> None:
        """Tick the folders of another chat."""
        self._ticked = set(folder_ids)
        for folder_id, row in self._rows.items():
            row.set_ticked(ticked=folder_id in self._ticked)

    def tick_folder(self, folder_id: str) -> None:
        """Tick one more folder for the open chat."""
        if folder_id not in self._ticked:
            self._ticked.add(folder_id)
            self.set_ticked_folders(tuple(self._ticked))
            self.ticks_changed.emit()

    def untick_folders(self, folder_ids: Sequence[str]) -> None:
        """Let the open chat answer without these folders."""
        self.set_ticked_folders(tuple(self._ticked - set(folder_ids)))
        self.ticks_changed.emit()

    def show_folders(self, folders: Sequence[FolderState]) -> None:
        """Show all folders as they are now."""
        self.end_listing()
        known = {folder.folder_id for folder in folders}
        for folder_id in [folder_id for folder_id in self._rows if folder_id not in known]:
            row = self._rows.pop(folder_id)
            self._column.removeWidget(row)
            row.hide()
            row.deleteLater()
        for folder in folders:
            self.update_folder_row(folder)
        self._fit_height()
        self.ticks_changed.emit()

    def end_listing(self) -> None:
        """Say what to do without folders: they are listed, or can't be."""
        self._is_listed = True
        self._none.setText(_("Drop a folder on this window to ask it."))

    def update_folder_row(self, folder: FolderState) -> None:
        """Show one folder as it is now."""
        if folder.folder_id in self._rows:
            self._rows[folder.folder_id].show_folder(folder)
        else:
            self._add_row(folder)
        self._fit_height()

    def show_reembedding(self, words: str) -> None:
        """Show how far reembedding with the next model is; "" hides it."""
        self._reembedding.setText(words)
        self._reembedding.setVisible(bool(words))

    def show_verification(self, *, running: bool) -> None:
        """Show whether a check of the library is running."""
        self._check.setVisible(running)

    def show_progress(self, progress: SyncProgress) -> None:
        """Show the progress of a sync in its folder's row."""
        row = self._rows.get(progress.folder_id)
        if row is not None:
            row.show_progress(progress)
            self._fit_height()

    def _add_row(self, folder: FolderState) -> None:
        row = FolderRow(self._theme, folder)
        row.set_ticked(ticked=folder.folder_id in self._ticked)
        row.ticked.connect(self._on_ticked)
        row.sync_wanted.connect(self.sync_wanted)
        row.retry_wanted.connect(self.retry_wanted)
        row.pause_wanted.connect(self.pause_wanted)
        row.hidden_wanted.connect(self.hidden_wanted)
        row.details_wanted.connect(self.details_wanted)
        row.remove_wanted.connect(self.remove_wanted)
        self._rows[folder.folder_id] = row
        self._column.insertWidget(self._column.count() - 1, row)

    def _on_more_clicked(self) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        states = [row.folder.state for row in self._rows.values()]
        sync = menu.addAction(_("Sync all (F5)"))
        sync.triggered.connect(self.sync_all_wanted)
        pause = menu.addAction(_("Pause all"))
        pause.triggered.connect(lambda: self.pause_wanted.emit("", True))  # noqa: FBT003 - a signal
        pause.setEnabled(any(state != "paused" for state in states))
        resume = menu.addAction(_("Resume all"))
        resume.triggered.connect(lambda: self.pause_wanted.emit("", False))  # noqa: FBT003
        resume.setEnabled("paused" in states)
        menu.addSeparator()
        menu.addAction(_("Check what was read")).triggered.connect(self.check_wanted)
        menu.addAction(_("Search with another model…")).triggered.connect(self.embedder_wanted)
        self._add_own_models(menu)
        pop_up_menu(menu, self.more.mapToGlobal(self.more.rect().bottomLeft()))

    def _add_own_models(self, menu: QMenu) -> None:
        """Add the choice among the embedding models that ship; "" leaves it to the languages."""
        own = menu.addMenu(_("Search with Inglenook's own model"))
        for words, path in (
            (_("The one that suits the documents' languages"), ""),
            (_("The one for all languages"), str(multilingual_embedding_model())),
            (_("The one for English"), str(embedding_model())),
        ):
            chosen = own.addAction(words)
            chosen.triggered.connect(lambda _checked, at=path: self.own_embedder_wanted.emit(at))

    def _fit_height(self) -> None:
        self._none.setVisible(not self._rows)
        self._area.setVisible(bool(self._rows))
        height = min(self._area_rows.sizeHint().height(), _MAX_HEIGHT)
        self._area.setMinimumHeight(min(height, self._theme.scaled(_MIN_HEIGHT)))
        self._area.setMaximumHeight(height)

    def _on_ticked(self, folder_id: str, ticked: bool) -> None:  # noqa: FBT001 - a slot
        if ticked:
            self._ticked.add(folder_id)
        else:
            self._ticked.discard(folder_id)
        self.ticks_changed.emit()
        self.ticked_by_hand.emit()
