"""A person at the real window on the real application, and what they do with it."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from core.app.app import App
from core.app.events.app_events import AnswerFailed, AnswerFinished, AppEvent
from core.base.paths import Paths
from desktop.chat.cards.answer_card import AnswerCard
from desktop.kit.notices import NoticeCenter
from desktop.kit.theme import Theme
from desktop.kit.thread_bridge import ThreadBridge
from desktop.window.main_window import MainWindow
from tests.desktop.seen import words_of

SECONDS = 120
HARMLESS = "This plugin does not support"


class Person:
    """The real window on the real application, and what a person does with it."""

    def __init__(self, paths: Paths, bot: QtBot, application: QApplication) -> None:
        self.bot = bot
        self._application = application
        self.told: list[AppEvent] = []
        self.bridge = ThreadBridge()
        self.app = App(paths, self.bridge.wake)
        self.app.open_root()
        self.app.subscribe(self.told.append)
        self.theme = Theme(application, self.app.settings)
        self.notices = NoticeCenter(application)
        self.window = MainWindow.with_content(self.app, self.theme, self.notices, self.bridge)
        self.theme.apply_style_sheet()
        self.window.show()
        self.bridge.start_pumping(self.app.process_events)
        self.window.load_initial_content()
        self.window.start_child_processes()
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
        cards = self.window.view.transcript.built_cards
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
