"""Opening of paths that were dropped, given at the start, or passed on by a second start."""

import os
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject

from core.app.app import App
from core.app.events.app_events import Notice, Problem
from core.base.i18n import _, ngettext
from desktop.chat.composer.attachment_controller import is_picture
from desktop.chat.composer.composer import Composer
from desktop.kit.drag_and_drop import DroppedPaths
from desktop.kit.notices import NoticeCenter
from desktop.kit.visible_text import visible_text
from desktop.window.window_controllers import WindowControllers

_MOST_NAMED = 3
"""Missing files that a notice names."""


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
        missing = [path for path in dropped.others if not os.path.lexists(path)]
        self._tell_missing(missing)
        files = tuple(path for path in dropped.others if path not in {*history, *missing})
        if files:
            self._composer.set_files((*self._composer.files, *files))
            documents = [path for path in files if not is_picture(path)]
            if documents:
                self._controllers.folders.offer_parent_folder(documents, len(self._composer.files))

    def _tell_missing(self, paths: Sequence[str]) -> None:
        """Say of what nothing can be asked: it was moved, or a program gave a wrong path."""
        if not paths:
            return
        words = ngettext("{files} is not there.", "{files} are not there.", len(paths))
        names = ", ".join(f"“{visible_text(Path(path).name)}”" for path in paths[:_MOST_NAMED])
        if len(paths) > _MOST_NAMED:
            names += ", …"
        hint = _("It may have another name or place by now: drop it from where it is.")
        problem = Problem(code="dropped_missing", message=words.format(files=names), hint=hint)
        self._notices.post_notice(Notice(key="missing", severity="warning", problem=problem))

    def _import_folder(self, path: str) -> None:
        """Take in the chats that another program keeps in a folder; it might be meant otherwise."""
        words = _("“{folder}” holds chats of another program: they are not read as documents.")
        add = partial(self._controllers.folders.add_folder, path)
        self._notices.post_info(
            f"chats in {path}",
            words.format(folder=visible_text(Path(path).name)),
            action=(_("Read it as documents, too"), add),
        )
        self._controllers.chats.export_controller.import_chats(path)

    def _holds_chats(self, path: str) -> bool:
        """Return whether a file holds chats, exported here or by another program."""
        if not path.lower().endswith((".json", ".jsonl", ".zip", ".chat", ".db")):
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
