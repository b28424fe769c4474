"""What happens with paths that were dropped, given at the start, or handed over."""

from functools import partial

from PySide6.QtCore import QObject

from core.words import _
from desktop.chat.composer import Composer
from desktop.drops import Dropped
from desktop.notices import Notices
from desktop.ports import Front
from desktop.rooms import Rooms


class Openings(QObject):
    """Folders are added, models put on the shelf, adapters bend the open chat, files are asked."""

    def __init__(self, front: Front, notices: Notices, rooms: Rooms, composer: Composer) -> None:
        super().__init__(composer)
        self._front = front
        self._notices = notices
        self._rooms = rooms
        self._composer = composer

    def open(self, dropped: Dropped) -> None:
        """Do with each kind what it is there for."""
        for path in dropped.folders:
            self._rooms.folders.add(path)
        for path in dropped.models:
            self._open_model(path)
        if dropped.others:
            self._composer.set_files((*self._composer.files, *dropped.others))
            self._rooms.folders.offer_holders(dropped.others)

    def _open_model(self, path: str) -> None:
        if self._front.adapters.holds(path):
            self._rooms.chat.adapters.attach(path)
            return
        entry = self._rooms.models.add(path)
        if entry is not None:
            words = _("“{model}” was added.").format(model=entry.ref)
            use = partial(self._rooms.models.choose, entry.ref)
            self._notices.say("model added", words, action=(_("Use it"), use))
