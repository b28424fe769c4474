"""A person at the real window on the real application, and what they do with it."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from core.app.app import App
from core.app.events import AnswerFailed, AnswerFinished, AppEvent
from core.paths import Paths
from desktop.bridge import Bridge
from desktop.chat.answer_card import AnswerCard
from desktop.notices import Notices
from desktop.theme import Theme
from desktop.window import MainWindow
from tests.desktop.seen import words_of

SECONDS = 120
HARMLESS = "This plugin does not support"


class Person:
    """The real window on the real application, and what a person does with it."""

    def __init__(self, paths: Paths, bot: QtBot, application: QApplication) -> None:
        self.bot = bot
        self._application = application
        self.told: list[AppEvent] = []
        self.bridge = Bridge()
        self.app = App(paths, self.bridge.wake)
        self.app.open()
        self.app.subscribe(self.told.append)
        self.theme = Theme(application, self.app.settings)
        self.notices = Notices(application)
        self.window = MainWindow(self.app, self.theme, self.notices, self.bridge)
        self.theme.dress()
        self.window.show()
        self.bridge.open(self.app.pump)
        self.window.settle_in()
        self.window.warm_up()
        self.bot.waitExposed(self.window)

    def wait(self, *kinds: type[AppEvent]) -> AppEvent:
        """Wait for the next event of one of these kinds."""
        seen = len(self.told)
        self.wait_until(lambda: any(isinstance(event, kinds) for event in self.told[seen:]))
        return next(event for event in self.told[seen:] if isinstance(event, kinds))

    def wait_until(self, condition: Callable[[], bool]) -> None:
        """Wait until something is so."""
        self.bot.waitUntil(condition, timeout=SECONDS * 1000)

    def type_question(self, text: str) -> None:
        edit = self.window.view.composer.text_edit
        QTest.keyClicks(edit, text)
        QTest.keyClick(edit, Qt.Key.Key_Return)

    def ask(self, text: str) -> AppEvent:
        self.type_question(text)
        return self.wait(AnswerFinished, AnswerFailed)

    def card(self) -> AnswerCard:
        cards = self.window.view.transcript.cards
        return [card for card in cards if isinstance(card, AnswerCard)][-1]

    def shown(self) -> str:
        """Everything that can be read in the window, white space folded."""
        self.settle()
        return folded(words_of(self.window))

    def settle(self) -> None:
        for _ in range(3):
            QApplication.processEvents()
            QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)

    def leave(self) -> None:
        for dialog in list(self._application.topLevelWidgets()):
            if dialog is not self.window:
                dialog.close()
        self.window.close()
        self.settle()
        for thing in (self.window, self.notices, self.bridge, self.theme):
            thing.deleteLater()
        self.settle()


def folded(text: str) -> str:
    return " ".join(text.split())
