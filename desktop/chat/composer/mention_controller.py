"""Mention controller: completes "@" in the composer to folders, documents and models."""

import re
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Never

from msgspec import Struct
from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QTextCursor

from core.app.library.document_service import DocumentService
from core.app.library.folder_service import FolderService
from core.base.i18n import _
from core.ipc.reply import Reply
from core.messages import FilesListed, FolderState
from desktop.chat.composer.completion_popup import CompletionPopup, CompletionRow
from desktop.chat.composer.composer import Composer
from desktop.chat.composer.model_options import ModelOptions
from desktop.kit.reply_lifetime import bind_reply
from desktop.kit.theme import Theme
from desktop.kit.utf16_offsets import utf16_offset
from desktop.kit.visible_text import visible_text

_TYPED = re.compile(r"(?:^|(?<=[\s(\[]))@([^\s@]*)$")
"""An "@" at the start of a word, and the word so far; an address such as a@b is none."""
_PARTS = re.compile(r"[\W_]+")
_TWO_SPACES = "  ".encode("utf-16-le")
_MOST_FOLDERS, _MOST_FILES, _MOST_MODELS = 4, 8, 4
_ASKED_FOLDERS = 8
"""Folders whose documents are looked for at most."""
_RANKED_FILES = 64
"""Documents that are ranked by how they fit the word, before the first ones are shown."""
_PATIENCE_MS = 60


class Mention(Struct, frozen=True):
    """What an "@" can stand for: a folder by its id, a document by its path, a model by its ref."""

    kind: str
    value: str


class MentionController(QObject):
    """Offers what fits the word behind an "@" that is typed.

    Folders and models that are chosen leave the text; of a document its name stays, with a space.
    """

    folder_chosen = Signal(str)
    file_chosen = Signal(str)
    model_chosen = Signal(str)

    def __init__(
        self, theme: Theme, composer: Composer, folders: FolderService, documents: DocumentService
    ) -> None:
        super().__init__(composer)
        self._theme = theme
        self._composer = composer
        self._folders = folders
        self._documents = documents
        self.list_models: Callable[[], ModelOptions] = ModelOptions
        """Returns what can answer; the window sets it."""
        self._popup: CompletionPopup | None = None
        self._word: str | None = None
        self._files: dict[str, str] = {}
        """Documents that were found, by path with the words that are shown."""
        self._after_name = -1
        """The place behind a name and its space, until something is typed there."""
        self._replies: list[Reply[Never, FilesListed]] = []
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_PATIENCE_MS)
        self._connect()

    def _connect(self) -> None:
        self._composer.text_edit.textChanged.connect(self._on_typed)
        self._composer.text_edit.cursorPositionChanged.connect(self._on_typed)
        self._timer.timeout.connect(self._look_for_documents)

    def _on_typed(self) -> None:
        """Follow the word at the cursor."""
        self._drop_second_space()
        word = self._typed_word()
        if word == self._word:
            return
        self._word = word
        self._forget_replies()
        if word is None:
            self._timer.stop()
            if self._popup is not None:
                self._popup.reset_popup()
            return
        if self._composer.text_edit.hasFocus():
            self._offer_rows()
            self._timer.start()

    def _typed_word(self) -> str | None:
        cursor = self._composer.text_edit.textCursor()
        if cursor.hasSelection():
            return None
        text = cursor.block().text().encode("utf-16-le", "surrogatepass")
        before = text[: 2 * cursor.positionInBlock()].decode("utf-16-le", "replace")
        found = _TYPED.search(before)
        return found[1] if found else None

    def _offer_rows(self) -> None:
        if self._word is None:
            return
        word = self._word.casefold()
        rows = [*self._folder_rows(word), *self._file_rows(), *self._model_rows(word)]
        if rows or self._popup is not None:
            self._made_popup().offer_rows(rows)

    def _folder_rows(self, word: str) -> list[CompletionRow]:
        fitting = [each for each in self._folders.known_folders if word in each.name.casefold()]
        return [
            _row("folder", each.folder_id, visible_text(each.name), _("folder"))
            for each in fitting[:_MOST_FOLDERS]
        ]

    def _file_rows(self) -> list[CompletionRow]:
        word = (self._word or "").casefold()
        ranked = sorted(self._files.items(), key=lambda each: _fit_of_name(each[0], word))
        shown = ranked[:_MOST_FILES]
        return [_row("file", path, words, _("document")) for path, words in shown]

    def _model_rows(self, word: str) -> list[CompletionRow]:
        fitting = [each for each in self.list_models().sorted_by_use() if each.matches(word)]
        return [
            _row("model", each.ref, visible_text(each.ref), _("model"), each.details)
            for each in fitting[:_MOST_MODELS]
        ]

    def _look_for_documents(self) -> None:
        """Ask for documents whose names hold the word, of ticked folders if there are any."""
        if self._word is None:
            return
        for folder in list(self._searched_folders())[:_ASKED_FOLDERS]:
            listed = self._documents.list_folder_files(folder.folder_id, self._word, _RANKED_FILES)
            reply = bind_reply(listed, self)
            reply.on_done(partial(self._on_found, folder))
            self._replies.append(reply)

    def _searched_folders(self) -> Iterator[FolderState]:
        ticked = set(self._composer.chips.folder_ids)
        for folder in self._folders.known_folders:
            if not ticked or folder.folder_id in ticked:
                yield folder

    def _on_found(self, folder: FolderState, found: FilesListed) -> None:
        for each in found.files:
            path = str(Path(folder.path) / each.file)
            self._files[path] = f"{visible_text(each.file)}    {visible_text(folder.name)}"
        if found.files:
            self._offer_rows()

    def _forget_replies(self) -> None:
        for reply in self._replies:
            reply.detach()
        self._replies.clear()
        self._files.clear()

    def _made_popup(self) -> CompletionPopup:
        """Return the popup, created when it is first needed."""
        if self._popup is None:
            window = self._composer.window()
            self._popup = CompletionPopup(
                self._theme, self._composer, window, _("Folders, documents and models")
            )
            self._popup.row_used.connect(self._on_row_used)
        return self._popup

    def _on_row_used(self, value: object) -> None:
        if not isinstance(value, Mention):
            return
        self._replace_word(f"{Path(value.value).name} " if value.kind == "file" else "")
        signal = {
            "folder": self.folder_chosen,
            "file": self.file_chosen,
            "model": self.model_chosen,
        }[value.kind]
        signal.emit(value.value)

    def _replace_word(self, words: str) -> None:
        """Put words in place of the "@" and the word behind it, in one step that can be undone."""
        cursor = self._composer.text_edit.textCursor()
        length = utf16_offset(f"@{self._word or ''}", len(f"@{self._word or ''}"))
        cursor.movePosition(QTextCursor.MoveOperation.Left, QTextCursor.MoveMode.KeepAnchor, length)
        cursor.insertText(visible_text(words))
        self._after_name = cursor.position() if words else -1

    def _drop_second_space(self) -> None:
        """Take back the space that is typed behind the one of a name."""
        cursor, after = self._composer.text_edit.textCursor(), self._after_name
        if after < 0 or cursor.position() == after:
            return
        self._after_name = -1
        units = self._composer.draft.encode("utf-16-le", "surrogatepass")
        if cursor.position() == after + 1 and units[2 * after - 2 : 2 * after + 2] == _TWO_SPACES:
            cursor.deletePreviousChar()


def _fit_of_name(path: str, word: str) -> int:
    """Return 0 for a name that begins with a word, 1 for one with a part that does, else 2."""
    name = Path(path).name.casefold()
    if name.startswith(word):
        return 0
    return 1 if any(part.startswith(word) for part in _PARTS.split(name)) else 2


def _row(kind: str, value: str, words: str, spoken_kind: str, details: str = "") -> CompletionRow:
    text = f"{words}    {details}" if details else words
    spoken = f"{spoken_kind}, {' '.join(words.split())}"
    return CompletionRow(text, spoken, Mention(kind, value), kind)
