"""Removal of a model from the registry, with a question before a file goes to the trash."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from core.app.models.model_file_service import ModelFileService
from core.base.errors import InglenookError
from core.base.i18n import _
from core.models.info.model_entry import ModelEntry
from core.models.server_registry import is_server_path
from desktop.kit.confirm_dialog import ConfirmDialog
from desktop.kit.locale_formatting import format_size
from desktop.kit.notices import NoticeCenter
from desktop.kit.theme import Theme
from desktop.models.choice.model_choice import ModelChoice
from desktop.models.widgets.message_line import MessageLine


class ModelRemoval(QObject):
    """Removes models, and says in `message` what has become of them.

    What only left the list can be put back by its notice: it went without a question.
    """

    def __init__(
        self,
        theme: Theme,
        files: ModelFileService,
        choice: ModelChoice,
        message: MessageLine,
        notices: NoticeCenter,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._files = files
        self._choice = choice
        self._message = message
        self._notices = notices
        self._parent = parent

    def remove_model(self, entry: ModelEntry) -> None:
        """Take it off the list; a question comes only before a file goes to the trash."""
        if is_server_path(entry.path):
            self._choice.forget_model(entry.ref)
        elif entry.is_ours:
            self._ask_before_trash(entry)
        else:
            self._remove_entry(entry)

    def _ask_before_trash(self, entry: ModelEntry) -> None:
        text = _("{file} ({size}) goes to this system's trash, from where you can take it back.")
        dialog = ConfirmDialog(
            self._theme,
            self._parent.window(),
            title=_("Remove {model}?").format(model=entry.ref),
            text=text.format(file=Path(entry.path).name, size=format_size(entry.bytes_on_disk)),
            button_text=_("Move to the trash"),
            value=None,
        )
        dialog.accepted.connect(lambda: self._remove_entry(entry))
        dialog.open()

    def _remove_entry(self, entry: ModelEntry) -> None:
        try:
            removed = self._files.remove_model(entry.ref)
        except InglenookError as error:
            self._message.show_error(error)
            return
        self._choice.refresh_models()
        self._message.show_message("")
        if removed.trashed:
            text = _("{model} was moved to the trash.")
            self._message.show_message(text.format(model=removed.ref))
            return
        # By its file: another model may have got its name by now.
        words = _("{file} is off the list of models; the file stays.")
        self._notices.post_undoable(
            "model off the list",
            words.format(file=Path(removed.path).name),
            partial(self._choice.add_model, removed.path),
        )
