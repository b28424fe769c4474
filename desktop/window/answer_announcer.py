"""Answer announcer: a screen reader hears that an answer began and that it ended."""

from PySide6 import QtGui
from PySide6.QtGui import QAccessible, QAccessibleEvent
from PySide6.QtWidgets import QLabel, QWidget

from core.app.events.app_events import AnswerEvent
from core.base.i18n import _
from core.chat.answering.answer_events import AnswerFailed, AnswerFinished, AnswerStarted


class AnswerAnnouncer(QLabel):
    """An unseen label whose name is what was last announced, for systems that know no more."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("live_region")
        self.hide()

    def on_answer_event(self, event: AnswerEvent) -> None:
        """Announce the begin or the end of an answer."""
        if isinstance(event, AnswerStarted):
            self.announce(_("The answer begins."))
        elif isinstance(event, AnswerFinished):
            self.announce(_("The answer is complete."))
        elif isinstance(event, AnswerFailed):
            self.announce(_("The answer failed."))

    def announce(self, words: str) -> None:
        """Let a screen reader say `words`, wherever the focus is."""
        self.setAccessibleName(words)
        announcement = getattr(QtGui, "QAccessibleAnnouncementEvent", None)  # since Qt 6.8
        if announcement is not None:
            QAccessible.updateAccessibility(announcement(self.window(), words))
        else:
            QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.NameChanged))
            QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))
