"""Export of several chats to one file: loaded a few at a time, put together on another thread."""

import time
from collections import deque
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, QTimer

from core.app.app import App
from core.app.events.app_events import Notice
from core.app.problems import problem_of_failure
from core.base.errors import InglenookError
from core.base.i18n import _, ngettext
from core.chat.conversations.conversation import Conversation
from core.chat.export.chat_export import ExportFormat
from core.messages import Failed
from desktop.kit.locale_formatting import format_count
from desktop.kit.notices import NoticeCenter

_KEY = "export"
_AT_ONCE_SECONDS = 0.02


class SeveralChatsExport(QObject):
    """Writes one file; the window goes on meanwhile, and a notice tells how far it is."""

    def __init__(self, app: App, notices: NoticeCenter, parent: QObject) -> None:
        super().__init__(parent)
        self._app = app
        self._notices = notices
        self._waiting: deque[str] = deque()
        self._loaded: list[Conversation] = []
        self._target = (Path(), ExportFormat.JSON, True)
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._load_some)

    def write_chats(
        self, chat_ids: Sequence[str], form: ExportFormat, path: Path, *, sources: bool
    ) -> None:
        """Write these chats; an export that is under way gives way to it."""
        self._waiting, self._loaded = deque(chat_ids), []
        self._target = (path, form, sources)
        self._timer.start(0)

    def _load_some(self) -> None:
        end = time.monotonic() + _AT_ONCE_SECONDS
        try:
            while self._waiting and time.monotonic() < end:
                self._loaded.append(self._app.chat_service.load_chat(self._waiting.popleft()))
        except InglenookError as error:
            self._stop()
            self._notices.post_error(_KEY, error)
            return
        if self._waiting:
            whole = len(self._loaded) + len(self._waiting)
            words = _("Writing chats: {count} of {whole}.").format(
                count=format_count(len(self._loaded)), whole=format_count(whole)
            )
            self._notices.post_info(_KEY, words, action=(_("Stop"), self._stop))
            return
        self._timer.stop()
        chats, self._loaded = tuple(self._loaded), []
        path, form, sources = self._target
        reply = self._app.history.export_chats(chats, form, path, sources=sources)
        reply.on_done(lambda _nothing: self._tell(len(chats), path))
        reply.on_error(self._on_failed)

    def _stop(self) -> None:
        self._timer.stop()
        self._waiting, self._loaded = deque(), []
        self._notices.dismiss_notice(_KEY)

    def _tell(self, count: int, path: Path) -> None:
        words = ngettext(
            "{count} chat was written to {path}.", "{count} chats were written to {path}.", count
        )
        self._notices.post_info(_KEY, words.format(count=format_count(count), path=path))

    def _on_failed(self, failure: Failed) -> None:
        problem = problem_of_failure(failure)
        self._notices.post_notice(Notice(key=_KEY, severity="error", problem=problem))
