"""Opening of paths that were dropped, given at the start, or passed on by a second start."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject

from core.app.app import App
from core.base.i18n import _
from desktop.chat.composer.attachment_controller import is_picture
from desktop.chat.composer.composer import Composer
from desktop.kit.drag_and_drop import DroppedPaths
from desktop.kit.notices import NoticeCenter
from desktop.window.window_controllers import WindowControllers


class DroppedPathOpener(QObject):
    """Adds folders, models and chats; uses adapters in the open chat; asks of single files."""

    def __init__(
        self,
        app: App,
        notices: NoticeCenter,
        controllers: WindowControllers,
        composer: Composer,
    ) -> None:
        super().__init__(composer)
        self._app = app
        self._notices = notices
        self._controllers = controllers
        self._composer = composer

    def open_paths(self, dropped: DroppedPaths) -> None:
        """Open each path according to its kind."""
        for path in dropped.folders:
            if self._app.history.holds_history(Path(path)):
                self._import_folder(path)
            else:
                self._controllers.folders.add_folder(path)
        for path in dropped.models:
            self._open_model(path)
        history = [path for path in dropped.others if self._holds_chats(path)]
        for path in history:
            self._controllers.chats.export_controller.import_chats(path)
        files = tuple(path for path in dropped.others if path not in history)
        if files:
            self._composer.set_files((*self._composer.files, *files))
            documents = [path for path in files if not is_picture(path)]
            if documents:
                self._controllers.folders.offer_parent_folder(documents)

    def _import_folder(self, path: str) -> None:
        """Take in the chats that another program keeps in a folder; it might be meant otherwise."""
        words = _("The chats in “{folder}” are taken in.").format(folder=Path(path).name)
        add = partial(self._controllers.folders.add_folder, path)
        self._notices.post_info(
            "chats in a folder", words, action=(_("Read it as documents, too"), add)
        )
        self._controllers.chats.export_controller.import_chats(path)

    def _holds_chats(self, path: str) -> bool:
        """Return whether a file holds chats, exported here or by another program."""
        if not path.lower().endswith((".json", ".zip", ".chat", ".db")):
            return False
        history = self._app.history
        return history.is_own_export(Path(path)) or history.holds_history(Path(path))

    def _open_model(self, path: str) -> None:
        if self._app.adapters.is_adapter_file(path):
            self._controllers.chat.adapter_selection.attach_adapter(path)
            return
        models = self._controllers.models
        entry = models.add_model(path)
        if entry is None:
            return
        words = _("“{model}” was added.").format(model=entry.ref)
        if models.chosen is not None and models.chosen.ref == entry.ref:  # the first one
            self._notices.post_info("model added", words, _("It answers from now on."))
        else:
            use = partial(models.choose_model, entry.ref)
            self._notices.post_info("model added", words, action=(_("Use it"), use))
