"""Notifier for long tasks: progress in the tray, a desktop notification when they are done.

Notices name neither chat nor document: others may see the screen, and systems keep notices.
"""

import time

from msgspec import Struct
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication

from core.app.app import App
from core.app.events.app_events import (
    AnswerFailed,
    AnswerFinished,
    AnswerStarted,
    AppEvent,
    FoldersChanged,
)
from core.app.events.download_events import DownloadChanged, DownloadState
from core.base.clock import Clock
from core.base.i18n import _, ngettext
from core.base.settings.window_settings import NOTIFY, TRAY
from core.messages import SyncDone, SyncProgress
from desktop.process.tray_icon import TrayIcon

LONG_ANSWER = 10.0
LONG_WORK = 20.0
"""Seconds after which the user has probably turned to something else."""
_RESTING = frozenset({"paused", "stopped", "waiting", "offline", "failed"})


class _Work(Struct):
    """A running task: its start time, the chat it belongs to, and its progress."""

    began: float
    chat_id: str = ""
    share: float = 0.0


class LongTaskNotifier(QObject):
    """Watches app events of long tasks; `clock` returns seconds."""

    def __init__(
        self,
        app: App,
        tray: TrayIcon,
        parent: QObject,
        clock: Clock = time.monotonic,
    ) -> None:
        super().__init__(parent)
        self._settings = app.settings
        self._comparing = app.comparison
        self._tray = tray
        self._clock = clock
        self._answers: dict[str, _Work] = {}
        self._folders: dict[str, _Work] = {}
        self._fetches: dict[str, _Work] = {}
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        application.focusWindowChanged.connect(self._on_focus_changed)

    def update_tray_icon(self) -> None:
        """Show or hide the tray icon according to the settings."""
        self._tray.show(stays=self._settings.get_value(TRAY))

    def on_app_event(self, event: AppEvent) -> None:
        """Follow what an event says of a long task."""
        if isinstance(event, AnswerStarted):
            self._answers[event.turn_id] = _Work(self._clock(), event.chat_id)
        elif isinstance(event, AnswerFinished | AnswerFailed):
            self._end_answer(event.turn_id, failed=isinstance(event, AnswerFailed))
        elif isinstance(event, DownloadChanged):
            self._follow_fetch(event.download)
        elif not self._follow_folders(event):
            return
        self._tray.set_activity(self._doing())

    def _follow_folders(self, event: AppEvent) -> bool:
        if isinstance(event, SyncProgress):
            work = self._folders.setdefault(event.folder_id, _Work(self._clock()))
            work.share = (event.done + event.part) / max(event.total, 1)
        elif isinstance(event, SyncDone):
            if self._took(self._folders.pop(event.folder.folder_id, None)) >= LONG_WORK:
                self._notify(_("A folder was read"), _("Its documents can be asked now."))
        elif isinstance(event, FoldersChanged):
            read = {f.folder_id for f in event.folders if f.state not in _RESTING}
            for folder_id in self._folders.keys() - read:
                del self._folders[folder_id]
        else:
            return False
        return True

    def _follow_fetch(self, fetch: DownloadState) -> None:
        if fetch.state in {"waiting", "fetching", "checking"}:
            work = self._fetches.setdefault(fetch.plan.download_id, _Work(self._clock()))
            work.share = fetch.done / max(fetch.plan.total_bytes, 1)
            return
        took = self._took(self._fetches.pop(fetch.plan.download_id, None))
        if took >= LONG_WORK and fetch.state == "done":
            self._notify(_("A model was fetched"), _("It can be chosen now."))
        elif took >= LONG_WORK and fetch.state == "failed":
            self._notify(_("A fetch ended early"), _("The models say why."))

    def _end_answer(self, turn_id: str, *, failed: bool) -> None:
        work = self._answers.pop(turn_id, None)
        seconds = self._took(work)
        if work is None or seconds < LONG_ANSWER:
            return
        chat_id = "" if self._comparing.is_copy(work.chat_id) else work.chat_id
        if failed:
            self._notify(_("An answer ended early"), _("The chat says why."), chat_id)
        else:
            took = _("It took {seconds} seconds.").format(seconds=round(seconds))
            self._notify(_("An answer is ready"), took, chat_id)

    def _took(self, work: _Work | None) -> float:
        return 0.0 if work is None else self._clock() - work.began

    def _doing(self) -> str:
        lines = []
        if self._answers:
            lines.append(ngettext("Writing an answer", "Writing answers", len(self._answers)))
        for works, words in (
            (self._folders, _("Reading folders: {percent} %")),
            (self._fetches, _("Fetching models: {percent} %")),
        ):
            if works:
                share = sum(work.share for work in works.values()) / len(works)
                lines.append(words.format(percent=int(share * 100)))
        return "\n".join(lines)

    def _notify(self, title: str, text: str, chat_id: str = "") -> None:
        windows = [each for each in QApplication.topLevelWidgets() if each.isVisible()]
        leaving = not windows and not self._tray.is_reachable  # what is stopped now is no news
        if (
            leaving
            or not self._settings.get_value(NOTIFY)
            or QApplication.activeWindow() is not None
        ):
            return
        for window in windows:
            QApplication.alert(window)
        self._tray.show_notification(title, text, chat_id)

    def _on_focus_changed(self) -> None:
        if QApplication.activeWindow() is not None:
            self._tray.hide_temporary_icon()
