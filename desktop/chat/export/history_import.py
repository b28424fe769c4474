"""Import of chats of other programs: one notice tells of all files that are taken in together."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from msgspec import structs

from core.app.chats.history_formatting import format_imported
from core.app.chats.history_service import HistoryImported, HistoryProgress, HistoryService
from core.app.events.app_events import Notice, Problem
from core.app.problems import problem_of_failure
from core.base.errors import ErrorCode
from core.base.i18n import _
from core.ipc.reply import Reply
from core.messages import Failed
from desktop.kit.locale_formatting import format_count
from desktop.kit.notices import NoticeCenter

_KEY = "import"
_REASONS = 5
"""Chats that were left out, of which a notice says why."""
_NOTHING = HistoryImported(new=0, grown=0, known=0, first_chat_id="", left_out=0, skipped=())


class HistoryImport:
    """`on_single` is called with the id of a chat that alone was brought by what ran together."""

    def __init__(
        self, history: HistoryService, notices: NoticeCenter, on_single: Callable[[str], object]
    ) -> None:
        self._history = history
        self._notices = notices
        self._on_single = on_single
        self._running: list[Reply[HistoryProgress, HistoryImported]] = []
        self._started = 0
        self._imported = _NOTHING
        self._is_stopped = False

    def import_path(self, path: str) -> None:
        """Import a file or folder in the background."""
        if not self._running:
            self._started, self._imported, self._is_stopped = 0, _NOTHING, False
        reply = self._history.import_history(Path(path))
        self._running.append(reply)
        self._started += 1
        self._show_progress(HistoryProgress(0, 0.0))
        reply.on_progress(self._show_progress)
        reply.on_done(partial(self._on_imported, reply))
        reply.on_error(partial(self._on_failed, reply, path))

    def _show_progress(self, progress: HistoryProgress) -> None:
        """Show how far all are: they run one after the other."""
        before, there = self._started - len(self._running), self._imported
        count = progress.chats + there.new + there.grown + there.known
        share = (before + progress.share) / self._started
        words = _("Taking in chats: {share} %, {count} so far.").format(
            count=format_count(count), share=format_count(int(100 * share))
        )
        self._notices.post_info(_KEY, words, action=(_("Stop"), self._stop))

    def _stop(self) -> None:
        for reply in tuple(self._running):
            reply.cancel()

    def _on_imported(
        self, reply: Reply[HistoryProgress, HistoryImported], imported: HistoryImported
    ) -> None:
        there = self._imported
        self._imported = structs.replace(
            there,
            new=there.new + imported.new,
            grown=there.grown + imported.grown,
            known=there.known + imported.known,
            first_chat_id=there.first_chat_id or imported.first_chat_id,
            left_out=there.left_out + imported.left_out,
            skipped=there.skipped + imported.skipped,
        )
        self._on_ended(reply)

    def _on_failed(
        self, reply: Reply[HistoryProgress, HistoryImported], path: str, failure: Failed
    ) -> None:
        if failure.code == ErrorCode.CANCELLED:
            self._is_stopped = True
        else:
            problem = problem_of_failure(failure)
            notice = Notice(key=f"{_KEY} {path}", severity="error", problem=problem)
            self._notices.post_notice(notice)
        self._on_ended(reply)

    def _on_ended(self, reply: Reply[HistoryProgress, HistoryImported]) -> None:
        """Tell of the end once the last one ended."""
        self._running.remove(reply)
        if self._running:
            return
        imported = self._imported
        if self._is_stopped:
            words = _("Stopped. What was taken in before is kept.")
            self._notices.post_info(_KEY, words)
        elif imported == _NOTHING:  # what was refused says why
            self._notices.dismiss_notice(_KEY)
        else:
            self._tell(imported)
        if imported.new + imported.grown + imported.known == 1:
            self._on_single(imported.first_chat_id)

    def _tell(self, imported: HistoryImported) -> None:
        """Say what came, and what was left out until somebody has read it."""
        reasons = [f"{each.name}: {each.reason}" for each in imported.skipped[:_REASONS]]
        if imported.left_out > len(reasons):
            reasons.append("…")
        problem = Problem(code=_KEY, message=format_imported(imported), hint="\n".join(reasons))
        severity = "warning" if imported.left_out else "info"
        self._notices.post_notice(Notice(key=_KEY, severity=severity, problem=problem))
