"""Opening of paths that were dropped, given at the start, or passed on by a second start."""

from functools import partial

from PySide6.QtCore import QObject

from core.app.app import App
from core.base.i18n import _
from desktop.chat.composer.composer import Composer
from desktop.kit.drag_and_drop import DroppedPaths
from desktop.kit.notices import NoticeCenter
from desktop.window.window_controllers import WindowControllers


class DroppedPathOpener(QObject):
    """Folders are added, models put on the shelf, adapters bend the open chat, files are asked."""

    def __init__(
        self,
        app: App,
        notices: NoticeCenter,
        rooms: WindowControllers,
        composer: Composer,
    ) -> None:
        super().__init__(composer)
        self._app = app
        self._notices = notices
        self._rooms = rooms
        self._composer = composer

    def open_paths(self, dropped: DroppedPaths) -> None:
        """Do with each kind what it is there for."""
        for path in dropped.folders:
            self._rooms.folders.add_folder(path)
        for path in dropped.models:
            self._open_model(path)
        if dropped.others:
            self._composer.set_files((*self._composer.files, *dropped.others))
            self._rooms.folders.offer_parent_folder(dropped.others)

    def _open_model(self, path: str) -> None:
        if self._app.adapters.is_adapter_file(path):
            self._rooms.chat.adapter_selection.attach_adapter(path)
            return
        entry = self._rooms.models.add_model(path)
        if entry is not None:
            words = _("“{model}” was added.").format(model=entry.ref)
            use = partial(self._rooms.models.choose_model, entry.ref)
            self._notices.post_info("model added", words, action=(_("Use it"), use))
