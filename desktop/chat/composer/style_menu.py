"""Style menu: choice of words, proven answers and instructions of the open chat."""

from functools import partial

from msgspec import structs
from PySide6.QtCore import QObject, QPoint, Qt, Signal
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QMenu, QWidget

from core.app.models.sampling_defaults import PRESETS
from core.base.i18n import _
from core.base.settings.app_settings import ONLY_PROVEN, Settings
from desktop.chat.composer.composer import Composer
from desktop.chat.composer.next_question import NextQuestion
from desktop.kit.buttons_and_labels import pop_up_menu
from desktop.kit.locale_formatting import preset_name


class StyleMenu(QObject):
    """Opens at the composer's button, which shows the style in use."""

    instructions_wanted = Signal()
    prompts_wanted = Signal()

    def __init__(self, composer: Composer, next_question: NextQuestion, settings: Settings) -> None:
        super().__init__(composer)
        self._composer = composer
        self._next_question = next_question
        self._settings = settings
        composer.bar.style_clicked.connect(self.open_menu)
        next_question.style_changed.connect(self.show_style)
        self.show_style()

    def show_style(self) -> None:
        """Show the style of the open chat on the button."""
        preset = self._next_question.chat_style.preset
        self._composer.bar.show_style(preset, only_proven=self._is_only_proven())

    def open_menu(self) -> None:
        """Show the menu."""
        menu = QMenu(self._composer)
        menu.setAccessibleName(_("Style of the answers"))
        presets = QActionGroup(menu)
        for preset in ("", *PRESETS):
            action = menu.addAction(preset_name(preset))
            action.setCheckable(True)
            action.setChecked(preset == self._next_question.chat_style.preset)
            action.triggered.connect(partial(self._choose_preset, preset))
            presets.addAction(action)
        menu.addSeparator()
        proven = menu.addAction(_("Only what is proven"))
        proven.setCheckable(True)
        proven.setChecked(self._is_only_proven())
        proven.setToolTip(_("What your documents don't prove is written again or left out."))
        menu.setToolTipsVisible(True)
        proven.toggled.connect(self._set_only_proven)
        menu.addSeparator()
        menu.addAction(_("Instructions of this chat…")).triggered.connect(self.instructions_wanted)
        menu.addAction(_("Prompts…")).triggered.connect(self.prompts_wanted)
        menu.aboutToHide.connect(menu.deleteLater)
        pop_up_menu(menu, place_above(self._composer.bar.style_button, menu))

    def _is_only_proven(self) -> bool:
        wanted = self._next_question.chat_style.only_proven
        return self._settings.get_value(ONLY_PROVEN) if wanted is None else wanted

    def _choose_preset(self, preset: str) -> None:
        style = structs.replace(self._next_question.chat_style, preset=preset)
        self._next_question.set_chat_style(style)

    def _set_only_proven(self, wanted: bool) -> None:  # noqa: FBT001 - a slot
        """Set it for this chat; as it is set for all chats, nothing is kept."""
        is_set = self._settings.get_value(ONLY_PROVEN)
        kept = None if wanted == is_set else wanted
        style = structs.replace(self._next_question.chat_style, only_proven=kept)
        self._next_question.set_chat_style(style)


def place_above(button: QWidget, menu: QMenu) -> QPoint:
    """Return where a menu opens above a button, at the side where reading begins."""
    size = menu.sizeHint()
    rect = button.rect()
    corner = QPoint(rect.left(), rect.top() - size.height() - 2)
    if button.layoutDirection() is Qt.LayoutDirection.RightToLeft:
        corner.setX(rect.right() - size.width())
    return button.mapToGlobal(corner)
