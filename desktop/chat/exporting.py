"""Chats to files and back: asks how and where, writes, takes in, and says how it went."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from core.chat.export import Format, write_export
from core.errors import InglenookError
from core.words import _, ngettext
from desktop.asking import Asking
from desktop.notices import Notices
from desktop.ports import ChatCalls
from desktop.theme import Theme


class Exporting(QObject):
    """`taken_in` carries the id of the first chat of a file."""

    taken_in = Signal(str)

    def __init__(self, front: ChatCalls, theme: Theme, notices: Notices, holder: QWidget) -> None:
        super().__init__(holder)
        self._front = front
        self._theme = theme
        self._notices = notices
        self._holder = holder

    def ask(self, chat_id: str) -> None:
        """Ask how a chat is to be exported, and do it."""
        from desktop.chat.export_dialog import ExportDialog  # noqa: PLC0415 - not for the first paint

        try:
            title = self._front.chat_desk.load(chat_id).title
        except InglenookError as error:
            self._notices.refuse("export", error)
            return
        dialog = ExportDialog(self._theme, self._holder.window(), title)

        def write() -> None:
            form, path, sources = dialog.form, dialog.path, dialog.sources
            self._ask_to_replace(path, lambda: self.write(chat_id, form, path, sources=sources))

        dialog.accepted.connect(write)
        dialog.open()

    def write(self, chat_id: str, form: str, path: Path, *, sources: bool) -> None:
        """Write a chat; `form` is a value of `Format`, or "pdf"."""
        try:
            if form in set(Format):
                self._front.chat_desk.export([chat_id], Format(form), path, sources=sources)
            else:
                from desktop.chat.print_pdf import pdf_of  # noqa: PLC0415 - slow to load

                write_export(path, pdf_of([self._front.chat_desk.load(chat_id)], sources=sources))
        except InglenookError as error:
            self._notices.refuse("export", error)
            return
        self._notices.say("export", _("The chat was written to {path}.").format(path=path))

    def ask_for_file(self) -> None:
        """Let the person choose a file of exported chats."""
        from PySide6.QtWidgets import QFileDialog  # noqa: PLC0415 - not for the first paint

        chooser = QFileDialog(self._holder.window(), _("Import chats"))
        chooser.setFileMode(QFileDialog.FileMode.ExistingFile)
        chooser.setNameFilter(_("Exported chats (*.json)"))
        chooser.fileSelected.connect(self.take_in)
        chooser.finished.connect(chooser.deleteLater)
        chooser.open()

    def take_in(self, path: str) -> None:
        """Take in a file of exported chats."""
        try:
            chats = self._front.chat_desk.take_in(Path(path))
        except InglenookError as error:
            self._notices.refuse("import", error)
            return
        words = ngettext("{count} chat was taken in.", "{count} chats were taken in.", len(chats))
        self._notices.say("import", words.format(count=len(chats)))
        self.taken_in.emit(chats[0].chat_id)

    def _ask_to_replace(self, path: Path, write: Callable[[], None]) -> None:
        """A file that is there is somebody's."""
        if not path.exists():
            write()
            return
        asking = Asking(
            self._theme,
            self._holder.window(),
            title=_("Replace this file?"),
            text=str(path),
            deed=_("Replace"),
            value=None,
        )
        asking.accepted.connect(write)
        asking.open()
