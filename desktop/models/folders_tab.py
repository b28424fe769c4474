"""Where models are looked for: folders of the person's own, and other programs' stores."""

from collections import Counter
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QProgressBar,
    QVBoxLayout,
    QWidget,
)

from core import settings as declared
from core.app.events import AppEvent, RequestFailed
from core.app.events_models import ShelfScanned, ShelfScanning
from core.errors import Code, InglenookError
from core.models.entry import ModelEntry, Origin
from core.words import _, ngettext
from desktop.buttons import ElidedLabel, TextButton, plain_label
from desktop.chat.visible import shown
from desktop.models.entry_words import ORIGINS
from desktop.models.said import Said
from desktop.ports import Front
from desktop.theme import Theme
from desktop.tick_box import TickBox
from desktop.words import count, decimal


class FoldersTab(QWidget):
    """Adds, forgets and looks through folders; files there are used where they lie."""

    scanning_changed = Signal(str)
    """What is said while files are looked for, "" when that is over."""

    def __init__(self, theme: Theme, front: Front) -> None:
        super().__init__()
        self._theme = theme
        self._front = front
        self._away: tuple[str, ...] = ()
        self._entries: tuple[ModelEntry, ...] = ()
        self._scan = ""
        self._build()
        self._connect()
        self.refresh(())

    def _build(self) -> None:
        told = _(
            "Models in these folders stand on the shelf by themselves, also in folders within. "
            "Nothing is copied or changed there."
        )
        self.list = QListWidget()
        self.list.setObjectName("plain_list")
        self.list.setAccessibleName(_("Folders with models"))
        self._none = plain_label(_("No folder is looked through yet."), "muted")
        self.add_button = TextButton(self._theme, _("Add a folder…"), icon="folder-add")
        self.forget_button = TextButton(self._theme, _("Forget this folder"))
        self.scan_button = TextButton(self._theme, _("Look again"), icon="again")
        self.stop_button = TextButton(self._theme, _("Stop looking"))
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName(_("Looking for models"))
        self._current = ElidedLabel("", "muted")
        self._said = Said()
        self.others = TickBox(self._theme)
        self.others.setText(_("Offer the models of other programs, too"))
        self.others.setAccessibleName(self.others.text())
        self.others.setChecked(bool(self._front.settings.get(declared.OTHER_APPS)))
        self._stores = plain_label("", "muted", wrap=True)
        row = QHBoxLayout()
        row.setSpacing(8)
        for button in (self.add_button, self.forget_button):
            row.addWidget(button)
        row.addStretch(1)
        for button in (self.stop_button, self.scan_button):
            row.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 8, 0, 0)
        column.setSpacing(8)
        column.addWidget(plain_label(told, "muted", wrap=True))
        column.addWidget(self.list, 1)
        column.addWidget(self._none)
        column.addLayout(row)
        for part in (self._bar, self._current, self._said.label, self.others, self._stores):
            column.addWidget(part)
        self._show_scanning(running=False)

    def _connect(self) -> None:
        self.add_button.clicked.connect(self._on_add_clicked)
        self.forget_button.clicked.connect(self._on_forget_clicked)
        self.scan_button.clicked.connect(self._scan_now)
        self.stop_button.clicked.connect(lambda: self._front.shelf.cancel(self._scan))
        self.list.currentRowChanged.connect(self._on_row_changed)
        self.others.toggled.connect(self._on_others_toggled)

    def refresh(self, entries: tuple[ModelEntry, ...]) -> None:
        """Show the folders, and how many models each holds."""
        self._entries = entries
        chosen = self.list.currentRow()
        self.list.clear()
        for folder in self._front.shelf.folders:
            self.list.addItem(QListWidgetItem(shown(self._folder_words(folder))))
        self.list.setCurrentRow(min(chosen, self.list.count() - 1))
        self._none.setVisible(not self.list.count())
        self._on_row_changed()
        self._stores.setText(self._store_words())

    def handle(self, event: AppEvent) -> None:
        """Take how far a scan is; one of the start is shown too."""
        if isinstance(event, ShelfScanning):
            self._scan = event.request_id
            self._show_scanning(running=True)
            self._bar.setRange(0, max(event.found, 1))
            self._bar.setValue(event.read)
            self._current.setText(shown(event.current))
            words = _("Looking for models: {read} of {found} read")
            self.scanning_changed.emit(
                words.format(read=count(event.read), found=count(event.found))
            )
        elif isinstance(event, ShelfScanned):
            self._away = event.away
            self._end_scan(event.request_id)
            self.refresh(self._entries)
            words = ngettext(
                "{count} model is on the shelf ({new} new); looking took {seconds} s.",
                "{count} models are on the shelf ({new} new); looking took {seconds} s.",
                event.models,
            )
            self._said.say(
                words.format(
                    count=count(event.models),
                    new=count(event.new),
                    seconds=decimal(event.seconds),
                )
            )

    def fail(self, event: RequestFailed) -> bool:
        """Take a failed request; returns whether it was a scan of ours."""
        if not self._scan or event.request_id != self._scan:
            return False
        self._end_scan(event.request_id)
        if event.problem.code == Code.CANCELLED:
            self._said.say(_("Stopped; what was found so far is not forgotten."))
        else:
            self._said.show_problem(event.problem)
        return True

    def add(self, path: str) -> None:
        """Look through a folder from now on."""
        try:
            self._scan = self._front.shelf.add_folder(path)
        except InglenookError as error:
            self._said.show_error(error)
            return
        self._said.say("")
        self._show_scanning(running=True)
        self._bar.setRange(0, 0)
        self.refresh(self._entries)

    def _folder_words(self, folder: str) -> str:
        if folder in self._away:
            return _("{folder} — not there now").format(folder=folder)
        root = Path(folder)
        number = sum(root in Path(entry.path).parents for entry in self._entries)
        words = ngettext("{folder} — {count} model", "{folder} — {count} models", number)
        return words.format(folder=folder, count=count(number))

    def _store_words(self) -> str:
        if not self.others.isChecked():
            return _("They are not looked at.")
        found = Counter(entry.origin for entry in self._entries if entry.is_another_apps)
        if not found:
            return _("None was found here. They would only be read, never changed.")
        told = [f"{ORIGINS[Origin(origin)]}: {count(number)}" for origin, number in found.items()]
        never = _("They are only read, never changed, and answer only when you choose one.")
        return f"{', '.join(told)}. {never}"

    def _show_scanning(self, *, running: bool) -> None:
        for part in (self._bar, self._current, self.stop_button):
            part.setVisible(running)
        self.scan_button.setEnabled(not running)

    def _end_scan(self, request_id: str) -> None:
        if self._scan in {"", request_id}:
            self._scan = ""
            self._show_scanning(running=False)
            self.scanning_changed.emit("")

    def _scan_now(self) -> None:
        self._scan = self._front.shelf.scan()
        self._said.say("")
        self._show_scanning(running=True)
        self._bar.setRange(0, 0)

    def _on_row_changed(self) -> None:
        self.forget_button.setEnabled(self.list.currentRow() >= 0)

    def _on_others_toggled(self, on: bool) -> None:  # noqa: FBT001 - Qt's signature
        try:
            self._front.settings.set(declared.OTHER_APPS, on)
        except InglenookError as error:
            self._said.show_error(error)
            return
        self._stores.setText(self._store_words())
        self._scan_now()

    def _on_add_clicked(self) -> None:
        chooser = QFileDialog(self, _("Add a folder with models"))
        chooser.setFileMode(QFileDialog.FileMode.Directory)
        chooser.setOption(QFileDialog.Option.ShowDirsOnly)
        chooser.fileSelected.connect(self.add)
        chooser.finished.connect(chooser.deleteLater)
        chooser.open()

    def _on_forget_clicked(self) -> None:
        row = self.list.currentRow()
        folders = self._front.shelf.folders
        if not 0 <= row < len(folders):
            return
        try:
            self._front.shelf.forget_folder(folders[row])
        except InglenookError as error:
            self._said.show_error(error)
            return
        self.refresh(self._entries)
        words = _("{folder} is looked through no more; its files stay.")
        self._said.say(words.format(folder=folders[row]))
