"""Attachment controller: files, folders, pictures and what is pasted, added to the open chat."""

from collections.abc import Callable, Iterable
from functools import partial

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMimeData, QObject, Signal
from PySide6.QtGui import QGuiApplication, QImage, QImageWriter
from PySide6.QtWidgets import QFileDialog, QMenu

from core.base.errors import InglenookError
from core.base.i18n import _
from core.base.paths import text_recognition_model
from core.chat.store.attachment_store import AttachmentStore
from desktop.chat.composer.adapter_selection import AdapterChoice
from desktop.chat.composer.composer import Composer
from desktop.chat.composer.next_question import NextQuestion
from desktop.chat.composer.style_menu import place_above
from desktop.kit.drag_and_drop import picture_from_mime_data
from desktop.kit.layers.file_chooser import make_file_chooser
from desktop.kit.notices import NoticeCenter
from desktop.kit.theme import Theme

LONG_PASTE = 8_000
"""Characters from which on a pasted text becomes a file: some 2,000 tokens, a good part of what a
small model reads at once, and more than anyone reads in a composer."""
PICTURE_SUFFIXES = (".png", ".jpg", ".jpeg", ".gif", ".bmp", ".tif", ".tiff", ".webp")
_NOTICES = ("files", "pasted", "pictures")
"""Keys of notices about attached files, which end with these."""


class AttachmentController(QObject):
    """`open_paths` takes files as if they were dropped on the window."""

    tools_toggled = Signal(bool)
    """Whether the model may call tools was changed in the menu."""
    tools_page_wanted = Signal()
    adapter_toggled = Signal(str, bool)
    """The adapter at a path is to be used in the open chat, or no longer."""

    def __init__(
        self,
        theme: Theme,
        notices: NoticeCenter,
        composer: Composer,
        next_question: NextQuestion,
        store: AttachmentStore,
        open_paths: Callable[[Iterable[str]], object],
        choose_folder: Callable[[], object],
    ) -> None:
        super().__init__(composer)
        self._theme = theme
        self._notices = notices
        self._composer = composer
        self._next_question = next_question
        self._store = store
        self._open_paths = open_paths
        self._choose_folder = choose_folder
        self.uses_tools: Callable[[], bool] = bool
        """Returns whether the model may call tools."""
        self.list_adapters: Callable[[], tuple[AdapterChoice, ...]] = tuple
        """Returns the adapters that the open chat could have."""
        self._connect()

    def _connect(self) -> None:
        self._composer.bar.add_clicked.connect(self.open_menu)
        self._composer.text_edit.take_paste = self.take_paste
        self._composer.files_changed.connect(self._on_files_changed)

    def open_menu(self) -> None:
        """Show what can be added, above the button."""
        menu = QMenu(self._composer)
        menu.setAccessibleName(_("Add to this chat"))
        rows: tuple[tuple[str, str, Callable[[], object]], ...] = (
            ("file", _("&Files…"), self.choose_files),
            ("folder-add", _("F&older…"), self._choose_folder),
            ("open", _("&Picture (its text is read)…"), self.choose_pictures),
            ("copy", _("Paste as a fi&le"), self.paste_as_file),
        )
        for icon, label, run in rows:
            action = menu.addAction(self._theme.icon(icon, size=16), label)
            action.triggered.connect(partial(_call, run))
        menu.actions()[-1].setEnabled(_can_become_file(QGuiApplication.clipboard().mimeData()))
        menu.addSeparator()
        self._add_adapters(menu)
        tools = menu.addAction(self._theme.icon("settings", size=16), _("&Tools for the model"))
        tools.setCheckable(True)
        tools.setChecked(self.uses_tools())
        tools.toggled.connect(self.tools_toggled)
        menu.addAction(_("&Set tools up…")).triggered.connect(self.tools_page_wanted)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(place_above(self._composer.bar.add_button, menu))
        menu.setActiveAction(menu.actions()[0])

    def _add_adapters(self, menu: QMenu) -> None:
        """Offer the adapters of the chosen model, if there are any."""
        choices = self.list_adapters()
        if not choices:
            return
        inner = menu.addMenu(_("&Adapters"))
        for choice in choices:
            action = inner.addAction(choice.name.replace("&", "&&"))
            action.setCheckable(True)
            action.setChecked(choice.is_used)
            action.toggled.connect(partial(self.adapter_toggled.emit, choice.path))

    def choose_files(self) -> None:
        """Let the user choose files to ask."""
        self._open_chooser(_("Files to ask"), "")

    def choose_pictures(self) -> None:
        """Let the user choose pictures, whose text is asked."""
        patterns = " ".join(f"*{suffix}" for suffix in PICTURE_SUFFIXES)
        self._open_chooser(_("Pictures to ask"), f"{_('Pictures')} ({patterns})")

    def paste_as_file(self) -> None:
        """Make a file of what was copied, however short it is."""
        data = QGuiApplication.clipboard().mimeData()
        if not _can_become_file(data) or self._take_files(data):
            return
        if data.hasText():
            self._attach_text(data.text())
        elif data.hasImage():
            self.attach_picture(picture_from_mime_data(data))

    def take_paste(self, data: QMimeData) -> bool:
        """Make a file of copied files, a picture or a long text; anything else is inserted."""
        if self._take_files(data):
            return True
        if data.hasText():
            text = data.text()
            is_long = len(text) >= LONG_PASTE and not self._next_question.is_temporary
            return is_long and self._attach_text(text)
        if data.hasImage():
            self.attach_picture(picture_from_mime_data(data))
            return True
        return False

    def _take_files(self, data: QMimeData) -> bool:
        paths = [url.toLocalFile() for url in data.urls() if url.isLocalFile()]
        if paths:
            self._open_paths(paths)
            self.tell_about_pictures(paths)
        return bool(paths)

    def _attach_text(self, text: str) -> bool:
        """Ask a text as a file; returns whether that was possible."""
        path = self._save(lambda: self._store.save_text(text))
        if not path:
            return False
        self._composer.set_files((*self._composer.files, path))
        self._notices.post_info(
            "pasted",
            _("The pasted text became a file: the next question is asked of it."),
            _("Ctrl+Shift+V pastes it into the question instead."),
            (_("Put it into the question"), partial(self._insert_text, path, text)),
        )
        return True

    def _insert_text(self, path: str, text: str) -> None:
        self._composer.set_files([each for each in self._composer.files if each != path])
        self._composer.text_edit.insertPlainText(text)
        self._composer.setFocus()

    def attach_picture(self, picture: QImage) -> None:
        """Ask a picture that has no file; it gets one. A null one was promised but never came."""
        buffer = QBuffer()
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        if picture.isNull() or not QImageWriter(buffer, QByteArray(b"png")).write(picture):
            self._notices.post_info(
                "pasted",
                _("The other program didn't hand over what was dropped or copied."),
                _("Save it there as a file, then add that file."),
            )
            return
        content = bytes(buffer.data().data())
        size = picture.width(), picture.height()
        path = self._save(lambda: self._store.save_picture(content, *size))
        if path:
            self._composer.set_files((*self._composer.files, path))
            self.tell_about_pictures([path])

    def _save(self, save: Callable[[], str]) -> str:
        """Return the path of a new attachment, "" and a notice if there can't be one."""
        if self._next_question.is_temporary:
            self._notices.post_info(
                "pasted",
                _("In a temporary chat nothing is written to disk, so this can't become a file."),
                _("Keep the chat first, or add a file that is there already."),
            )
            return ""
        try:
            return save()
        except InglenookError as error:
            self._notices.post_error("pasted", error)
            return ""

    def tell_about_pictures(self, paths: Iterable[str]) -> None:
        """Say what is made of pictures among these files."""
        if not any(is_picture(path) for path in paths):
            return
        message = _("The model can't see pictures; it gets the text that is recognized in them.")
        if text_recognition_model().is_dir():
            self._notices.post_info("pictures", message)
        else:
            message = _("Neither the model nor this program can read pictures here.")
            hint = _("Add the part that recognizes text, or a document with a text of its own.")
            self._notices.post_info("pictures", message, hint)

    def _open_chooser(self, title: str, pattern: str) -> None:
        chooser = make_file_chooser(self._composer.window(), title)
        chooser.setFileMode(QFileDialog.FileMode.ExistingFiles)
        if pattern:
            chooser.setNameFilter(pattern)
        chooser.filesSelected.connect(self._on_chosen)
        chooser.open()

    def _on_chosen(self, paths: list[str]) -> None:
        self._open_paths(paths)
        self.tell_about_pictures(paths)
        self._composer.setFocus()

    def _on_files_changed(self) -> None:
        """End what was said about files that are gone."""
        if not self._composer.files:
            for key in _NOTICES:
                self._notices.dismiss_notice(key)


def is_picture(path: str) -> bool:
    """Whether a file is a picture, by its name."""
    return path.lower().endswith(PICTURE_SUFFIXES)


def _can_become_file(data: QMimeData | None) -> bool:
    if data is None:  # nothing was copied
        return False
    has_files = any(url.isLocalFile() for url in data.urls())
    return has_files or data.hasImage() or bool(data.hasText() and data.text())


def _call(run: Callable[[], object], _checked: object = None) -> None:
    """Call a function from a signal that carries something."""
    run()
