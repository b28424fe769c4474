"""Answer again menu: the models and styles with which a question can be answered once more."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, QPoint
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from core.app.chats.ask_options import AskOptions
from core.app.models.sampling_defaults import PRESETS
from core.base.i18n import _
from desktop.chat.composer.model_options import ModelOption, ModelOptions
from desktop.chat.controller.turn_controller import TurnController
from desktop.chat.view.chat_view import ChatView
from desktop.kit.buttons_and_labels import pop_up_menu
from desktop.kit.locale_formatting import preset_name

_MODELS_AT_ONCE = 6
"""Models of the menu itself; the others are in a menu of their own."""


class AnswerAgainMenu(QObject):
    """Opens at the button of an answer, or in the transcript if the button is not in view."""

    def __init__(self, view: ChatView, turn_controller: TurnController) -> None:
        super().__init__(view)
        self._view = view
        self._turn_controller = turn_controller
        self.list_models: Callable[[], ModelOptions] = ModelOptions
        """Returns what can answer; the window sets it."""
        turn_controller.variation_wanted.connect(self.open_menu)

    def open_menu(self, turn_id: str) -> None:
        """Show the menu for an answer."""
        turn = self._view.transcript.find_turn(turn_id)
        if turn is None:
            return
        menu = QMenu(self._view)
        menu.setAccessibleName(_("Answer again with…"))
        options = self.list_models().sorted_by_use(without=(turn.model,))
        for option in options[:_MODELS_AT_ONCE]:
            self._add_model(menu, turn_id, option)
        if rest := options[_MODELS_AT_ONCE:]:
            more = menu.addMenu(_("Other models"))
            for option in rest:
                self._add_model(more, turn_id, option)
        if options:
            menu.addSeparator()
        for preset in PRESETS:
            action = menu.addAction(preset_name(preset))
            self._connect_action(action, turn_id, AskOptions(preset=preset))
        menu.aboutToHide.connect(menu.deleteLater)
        pop_up_menu(menu, self._place(turn_id))
        menu.setActiveAction(menu.actions()[0])

    def _add_model(self, menu: QMenu, turn_id: str, option: ModelOption) -> None:
        words = "    ".join(filter(None, (option.ref, option.details)))
        action = menu.addAction(words.replace("&", "&&"))
        self._connect_action(action, turn_id, AskOptions(model=option.ref))

    def _connect_action(self, action: QAction, turn_id: str, options: AskOptions) -> None:
        action.triggered.connect(partial(self._turn_controller.answer_again, turn_id, options))

    def _place(self, turn_id: str) -> QPoint:
        card = self._view.transcript.find_answer_card(turn_id)
        anchor: QWidget = self._view.transcript
        if card is not None and card.footer.bar.variation_button.isVisible():
            anchor = card.footer.bar.variation_button
        corner = anchor.rect().bottomLeft()
        if anchor.layoutDirection().name == "RightToLeft":
            corner = anchor.rect().bottomRight()
        return anchor.mapToGlobal(corner if anchor is not self._view.transcript else QPoint(24, 24))
