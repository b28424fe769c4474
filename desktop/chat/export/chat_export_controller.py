"""Chat export controller: export of chats to files and import from them."""

import datetime as dt
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from core.app.app import App
from core.base.errors import InglenookError
from core.base.i18n import _, ngettext
from core.chat.export.chat_export import ExportFormat, write_export
from desktop.chat.export.history_import import HistoryImport
from desktop.chat.export.several_chats_export import SeveralChatsExport
from desktop.kit.confirm_dialog import ConfirmDialog
from desktop.kit.layers.file_chooser import make_file_chooser
from desktop.kit.notices import NoticeCenter
from desktop.kit.theme import Theme


class ChatExportController(QObject):
    """`chats_imported` carries the id of the first imported chat."""

    chats_imported = Signal(str)

    def __init__(self, app: App, theme: Theme, notices: NoticeCenter, parent: QWidget) -> None:
        super().__init__(parent)
        self._app = app
        self._theme = theme
        self._notices = notices
        self._parent = parent
        self._history = HistoryImport(app.history, notices, self.chats_imported.emit)
        self._several = SeveralChatsExport(app, notices, self)

    def export_chat(self, chat_id: str) -> None:
        """Open the export dialog for a chat, and export it."""
        from desktop.chat.export.export_dialog import ExportDialog  # noqa: PLC0415 - not for the first paint

        try:
            title = self._app.chat_service.load_chat(chat_id).title
        except InglenookError as error:
            self._notices.post_error("export", error)
            return
        dialog = ExportDialog(self._theme, self._parent.window(), title)

        def write() -> None:
            form, path, sources = dialog.export_format, dialog.path, dialog.includes_sources
            self._ask_to_replace(
                path, lambda: self.write_chat(chat_id, form, path, sources=sources)
            )

        dialog.accepted.connect(write)
        dialog.open()

    def export_all(self) -> None:
        """Open the export dialog for every chat that is not in the trash."""
        chat_ids = [chat.chat_id for chat in self._app.chats.list_chats()]
        if not chat_ids:
            self._notices.post_info("export", _("There is nothing to export."))
        self.export_several(chat_ids)

    def export_several(self, chat_ids: Sequence[str]) -> None:
        """Open the export dialog for these chats, and write them to one file."""
        from desktop.chat.export.export_dialog import ExportDialog  # noqa: PLC0415 - as above

        if len(chat_ids) == 1:
            self.export_chat(chat_ids[0])
        if len(chat_ids) < 2:
            return
        title = _("Chats of {day}").format(day=f"{dt.datetime.now().astimezone():%Y-%m-%d}")
        dialog = ExportDialog(self._theme, self._parent.window(), title, count=len(chat_ids))

        def write() -> None:
            form, path = ExportFormat(dialog.export_format), dialog.path
            sources = dialog.includes_sources
            self._ask_to_replace(
                path, lambda: self._several.write_chats(chat_ids, form, path, sources=sources)
            )

        dialog.accepted.connect(write)
        dialog.open()

    def write_chat(self, chat_id: str, form: str, path: Path, *, sources: bool) -> None:
        """Write a chat; `form` is a value of `ExportFormat`, or "pdf"."""
        try:
            if form in set(ExportFormat):
                self._app.chat_service.export_chats(
                    [chat_id], ExportFormat(form), path, sources=sources
                )
            else:
                from desktop.chat.export.chat_pdf import render_pdf  # noqa: PLC0415 - slow to load

                write_export(
                    path, render_pdf([self._app.chat_service.load_chat(chat_id)], sources=sources)
                )
        except InglenookError as error:
            self._notices.post_error("export", error)
            return
        self._notices.post_info("export", _("The chat was written to {path}.").format(path=path))

    def choose_import_file(self) -> None:
        """Let the user choose files of chats, exported here or by another program."""
        from PySide6.QtWidgets import QFileDialog  # noqa: PLC0415 - not for the first paint

        chooser = make_file_chooser(self._parent.window(), _("Import chats"))
        chooser.setFileMode(QFileDialog.FileMode.ExistingFiles)
        chooser.setNameFilter(_("Exported chats (*.json *.jsonl *.zip *.chat *.db)"))
        chooser.filesSelected.connect(self._on_files_chosen)
        chooser.open()

    def _on_files_chosen(self, paths: list[str]) -> None:
        for path in paths:
            self.import_chats(path)

    def import_chats(self, path: str) -> None:
        """Import a file or folder of chats, exported here or by another program."""
        if not self._app.history.is_own_export(Path(path)):
            self._history.import_path(path)
            return
        try:
            chats = self._app.chat_service.import_chats(Path(path))
        except InglenookError as error:
            self._notices.post_error("import", error)
            return
        words = ngettext("{count} chat was taken in.", "{count} chats were taken in.", len(chats))
        self._notices.post_info("import", words.format(count=len(chats)))
        self.chats_imported.emit(chats[0].chat_id)

    def _ask_to_replace(self, path: Path, write: Callable[[], None]) -> None:
        """Ask before an existing file is replaced."""
        if not path.exists():
            write()
            return
        asking = ConfirmDialog(
            self._theme,
            self._parent.window(),
            title=_("Replace this file?"),
            text=str(path),
            button_text=_("Replace"),
            value=None,
        )
        asking.prefer_cancel()
        asking.accepted.connect(write)
        asking.open()
