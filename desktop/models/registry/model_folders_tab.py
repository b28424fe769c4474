"""Folders tab: folders that are scanned for models, and stores of other programs."""

from collections import Counter
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QListWidget,
    QListWidgetItem,
    QProgressBar,
    QVBoxLayout,
    QWidget,
)

from core.app.app import App
from core.app.events.app_events import AppEvent
from core.app.events.model_events import ModelScanFinished, ModelScanProgress
from core.app.problems import problem_of_failure
from core.base.errors import ErrorCode, InglenookError
from core.base.i18n import _, ngettext
from core.base.settings import app_settings as declared
from core.messages import Failed
from core.models.info.model_entry import ModelEntry, ModelOrigin
from desktop.kit.buttons_and_labels import ElidedLabel, TextButton, plain_label
from desktop.kit.check_box import ThemedCheckBox
from desktop.kit.layers.file_chooser import make_folder_chooser
from desktop.kit.layers.flow_layout import ButtonRow
from desktop.kit.locale_formatting import format_count, format_decimal
from desktop.kit.theme import Theme
from desktop.kit.visible_text import visible_text
from desktop.models.registry.model_entry_formatting import ORIGINS
from desktop.models.widgets.message_line import MessageLine


class ModelFoldersTab(QWidget):
    """Adds, forgets and scans folders; files there are used where they are."""

    scanning_changed = Signal(str)
    """The text that is shown while files are looked for, "" when that is over."""

    def __init__(self, theme: Theme, app: App) -> None:
        super().__init__()
        self._theme = theme
        self._app = app
        self._missing_folders: tuple[str, ...] = ()
        self._entries: tuple[ModelEntry, ...] = ()
        self._build()
        self._connect()
        self.refresh_folders(())

    def _build(self) -> None:
        about = _(
            "Models in these folders are on the list by themselves, also in folders within. "
            "Nothing is copied or changed there."
        )
        self.folder_list = QListWidget()
        self.folder_list.setObjectName("plain_list")
        self.folder_list.setAccessibleName(_("Folders with models"))
        self._none = plain_label(_("No folder is looked through yet."), "muted")
        self.add_button = TextButton(self._theme, _("Add a folder…"), icon="folder-add")
        self.forget_button = TextButton(self._theme, _("Forget this folder"))
        self.scan_button = TextButton(self._theme, _("Look again"), icon="again")
        self.stop_button = TextButton(self._theme, _("Stop looking"))
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName(_("Looking for models"))
        self._current = ElidedLabel("", "muted")
        self._message = MessageLine()
        self._build_other_programs_box()
        self._stores = plain_label("", "muted", wrap=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 8, 0, 0)
        column.setSpacing(8)
        column.addWidget(plain_label(about, "muted", wrap=True))
        column.addWidget(self.folder_list, 1)
        column.addWidget(self._none)
        column.addWidget(self._button_row())
        for part in (
            self._bar,
            self._current,
            self._message.label,
            self.other_programs_box,
            self._stores,
        ):
            column.addWidget(part)
        self._show_scanning(running=False)

    def _build_other_programs_box(self) -> None:
        box = self.other_programs_box = ThemedCheckBox(self._theme)
        box.setText(_("Offer the models of other programs, too"))
        box.setAccessibleName(box.text())
        box.setChecked(self._app.settings.get_value(declared.OTHER_APPS))

    def _button_row(self) -> ButtonRow:
        row = ButtonRow()
        row.add_buttons(self.add_button, self.forget_button)
        row.add_buttons(self.stop_button, self.scan_button, at_end=True)
        return row

    def _connect(self) -> None:
        self.add_button.clicked.connect(self._on_add_clicked)
        self.forget_button.clicked.connect(self._on_forget_clicked)
        self.scan_button.clicked.connect(self._scan_now)
        self.stop_button.clicked.connect(self._app.model_files.cancel_scan)
        self.folder_list.currentRowChanged.connect(self._on_row_changed)
        self.other_programs_box.toggled.connect(self._on_others_toggled)

    def refresh_folders(self, entries: tuple[ModelEntry, ...]) -> None:
        """Show the folders and their numbers of models."""
        self._entries = entries
        chosen = self.folder_list.currentRow()
        self.folder_list.clear()
        self.folder_list.ensurePolished()  # else its rows are as high as before the style sheet
        for folder in self._app.registry.model_folders:
            self.folder_list.addItem(QListWidgetItem(visible_text(self._format_folder(folder))))
        self.folder_list.setCurrentRow(min(chosen, self.folder_list.count() - 1))
        self._none.setVisible(not self.folder_list.count())
        self._on_row_changed()
        self._stores.setText(self._format_stores())

    def on_app_event(self, event: AppEvent) -> None:
        """Show the progress and the end of a scan, also of one that was started elsewhere."""
        if isinstance(event, ModelScanProgress):
            self._show_scanning(running=True)
            self._bar.setRange(0, max(event.found, 1))
            self._bar.setValue(event.read)
            self._current.setText(visible_text(event.current))
            text = _("Looking for models: {read} of {found} read")
            self.scanning_changed.emit(
                text.format(read=format_count(event.read), found=format_count(event.found))
            )
        elif isinstance(event, ModelScanFinished):
            self._show_scanning(running=False)
            self.scanning_changed.emit("")
            if event.failure is not None:
                self._show_scan_failure(event.failure)
            else:
                self._show_scan_result(event)

    def add_folder(self, path: str) -> None:
        """Scan a folder from now on."""
        try:
            self._app.model_files.add_model_folder(path)
        except InglenookError as error:
            self._message.show_error(error)
            return
        self._on_scan_started()
        self.refresh_folders(self._entries)

    def _show_scan_result(self, finished: ModelScanFinished) -> None:
        self._missing_folders = finished.away
        self.refresh_folders(self._entries)
        text = ngettext(
            "{count} model is on the list ({new} new); looking took {seconds} s.",
            "{count} models are on the list ({new} new); looking took {seconds} s.",
            finished.models,
        )
        self._message.show_message(
            text.format(
                count=format_count(finished.models),
                new=format_count(finished.new),
                seconds=format_decimal(finished.seconds),
            )
        )

    def _show_scan_failure(self, failure: Failed) -> None:
        if failure.code == ErrorCode.CANCELLED:
            self._message.show_message(_("Stopped; what was found so far is not forgotten."))
        else:
            self._message.show_problem(problem_of_failure(failure))

    def _format_folder(self, folder: str) -> str:
        if folder in self._missing_folders:
            return _("{folder} — not there now").format(folder=folder)
        root = Path(folder)
        number = sum(root in Path(entry.path).parents for entry in self._entries)
        text = ngettext("{folder} — {count} model", "{folder} — {count} models", number)
        return text.format(folder=folder, count=format_count(number))

    def _format_stores(self) -> str:
        if not self.other_programs_box.isChecked():
            return _("They are not looked at.")
        found = Counter(entry.origin for entry in self._entries if entry.is_from_other_app)
        if not found:
            return _("None was found here. They would only be read, never changed.")
        counts = [
            f"{ORIGINS[ModelOrigin(origin)]}: {format_count(number)}"
            for origin, number in found.items()
        ]
        never = _("They are only read, never changed, and answer only when you choose one.")
        return f"{', '.join(counts)}. {never}"

    def _show_scanning(self, *, running: bool) -> None:
        for part in (self._bar, self._current, self.stop_button):
            part.setVisible(running)
        self.scan_button.setEnabled(not running)

    def _scan_now(self) -> None:
        self._app.model_files.scan_models()
        self._on_scan_started()

    def _on_scan_started(self) -> None:
        self._message.show_message("")
        self._show_scanning(running=True)
        self._bar.setRange(0, 0)

    def _on_row_changed(self) -> None:
        self.forget_button.setEnabled(self.folder_list.currentRow() >= 0)

    def _on_others_toggled(self, on: bool) -> None:  # noqa: FBT001 - Qt's signature
        try:
            self._app.settings.set_value(declared.OTHER_APPS, on)
        except InglenookError as error:
            self._message.show_error(error)
            return
        self._stores.setText(self._format_stores())
        self._scan_now()

    def _on_add_clicked(self) -> None:
        chooser = make_folder_chooser(self, _("Add a folder with models"))
        chooser.fileSelected.connect(self.add_folder)
        chooser.open()

    def _on_forget_clicked(self) -> None:
        row = self.folder_list.currentRow()
        folders = self._app.registry.model_folders
        if not 0 <= row < len(folders):
            return
        try:
            self._app.model_files.remove_model_folder(folders[row])
        except InglenookError as error:
            self._message.show_error(error)
            return
        self.refresh_folders(self._entries)
        text = _("{folder} is looked through no more; its files stay.")
        self._message.show_message(text.format(folder=folders[row]))
