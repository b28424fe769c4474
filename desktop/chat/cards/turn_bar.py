"""Turn bar: buttons and menu with the actions of one turn, and its version switcher."""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QMenu, QToolButton, QWidget

from core.base.i18n import N_, _
from core.chat.conversations.conversation import Role, Turn, TurnState
from core.chat.verification.sentence_checks import doubtful_sentences
from core.messages import REPEATED
from desktop.kit.buttons_and_labels import IconButton, plain_label, pop_up_menu
from desktop.kit.locale_formatting import format_count
from desktop.kit.theme import Theme

AGAIN, CONTINUE, EDIT, BRANCH, DELETE = "again", "continue", "edit", "branch", "delete"
AGAIN_WITH, LONGER = "again_with", "longer"
"""Answer again, with a model or style that a menu offers, or with a higher limit of length."""
COPY, COPY_PLAIN, GOOD, BAD, DETAILS = "copy", "copy_plain", "good", "bad", "details"
OLDER, NEWER = "older", "newer"
COMPARE, CHECK, STOP_CHECK = "compare", "check", "stop_check"
SEARCH_ANYWAY, FROM_NEAREST, WITHOUT_FOLDER = "search_anyway", "from_nearest", "without_folder"
GO_THROUGH_ALL = "go_through_all"
"""Answer again, with another use of the documents."""
WHEN_READ = "when_read"
"""Answer again as soon as the files that were not read yet are."""

CUT_OFF = frozenset({"length", REPEATED})
"""Reasons for which an answer that is done may go on."""

_LABELS = {
    COPY: N_("Copy as Markdown"),
    COPY_PLAIN: N_("Copy as plain text"),
    AGAIN: N_("Answer again"),
    AGAIN_WITH: N_("Answer again with…"),
    COMPARE: N_("Answer several times and compare"),
    CHECK: N_("Check doubtful sentences"),
    CONTINUE: N_("Continue the answer"),
    WITHOUT_FOLDER: N_("Answer without documents"),
    EDIT: N_("Edit…"),
    BRANCH: N_("Branch to a new chat"),
    GOOD: N_("Good answer…"),
    BAD: N_("Bad answer…"),
    DETAILS: N_("Details…"),
    DELETE: N_("Delete"),
}
_MENUS = {
    Role.ASSISTANT: (
        (COPY, COPY_PLAIN),
        (AGAIN, AGAIN_WITH, COMPARE, CHECK, CONTINUE, WITHOUT_FOLDER, EDIT, BRANCH),
        (GOOD, BAD, DETAILS),
        (DELETE,),
    ),
    Role.USER: ((COPY,), (EDIT, BRANCH), (DELETE,)),
}


def can_continue(turn: Turn) -> bool:
    """Whether an answer has ended before its end, so that the model could go on with it."""
    if turn.role is not Role.ASSISTANT or turn.state is TurnState.STREAMING:
        return False
    is_cut_off = turn.state is not TurnState.DONE or turn.statistics.stop in CUT_OFF
    return is_cut_off and bool(turn.raw)


def turn_actions(turn: Turn) -> Sequence[Sequence[str]]:
    """Return the ids of a turn's actions, in groups."""
    if turn.state is TurnState.STREAMING:
        return ((COPY, COPY_PLAIN),)
    without = set() if can_continue(turn) else {CONTINUE}
    if not turn.statistics.verdict:  # no folder was searched
        without.add(WITHOUT_FOLDER)
    if not doubtful_sentences(turn):
        without.add(CHECK)
    groups = _MENUS.get(turn.role, ())
    return [[action_id for action_id in group if action_id not in without] for group in groups]


def make_turn_menu(turn: Turn, parent: QWidget, do: Callable[[str], object]) -> QMenu:
    """Return the menu of a turn; `do` is called with the chosen action."""
    menu = QMenu(parent)
    menu.setAccessibleName(_("What can be done with this message"))
    for group in turn_actions(turn):
        if not menu.isEmpty():
            menu.addSeparator()
        for action_id in group:
            action = QAction(_(_LABELS[action_id]), menu)
            action.setObjectName(action_id)
            action.triggered.connect(lambda _checked=False, action_id=action_id: do(action_id))
            menu.addAction(action)
    return menu


class TurnBar(QWidget):
    """Copy, try again, two thumbs, more, and the arrows between versions."""

    action_chosen = Signal(str)

    def __init__(self, theme: Theme, turn: Turn) -> None:
        super().__init__()
        self._theme = theme
        self._turn = turn
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(4)
        self._thumbs: dict[str, IconButton] = {}
        self._versions: QWidget | None = None
        if turn.role is Role.ASSISTANT:
            self._button("copy", _("Copy the answer"), COPY)
            self._button("again", _("Answer again"), AGAIN)
            self.variation_button = self._button("down", _("Answer again with…"), AGAIN_WITH)
            self._thumbs[GOOD] = self._button("thumb-up", _("Good answer"), GOOD)
            self._thumbs[BAD] = self._button("thumb-down", _("Bad answer"), BAD)
        else:
            self._button("copy", _("Copy the question"), COPY)
            self._button("pencil", _("Edit the question"), EDIT)
        more = self._button("more", _("More"), "")
        more.clicked.disconnect()
        more.clicked.connect(partial(self._on_more_clicked, more))

    def _button(self, icon: str, name: str, action_id: str) -> IconButton:
        button = IconButton(self._theme, icon, name, size=16)
        button.clicked.connect(partial(self.action_chosen.emit, action_id))
        if action_id == COPY:
            button.clicked.connect(partial(button.show_done_mark, _("Copied")))
        self._row.addWidget(button)
        return button

    def show_turn(self, turn: Turn) -> None:
        """Update the bar: the turn was finished or rated."""
        self._turn = turn
        for action_id, value in ((GOOD, 1), (BAD, -1)):
            if action_id in self._thumbs:
                thumb = self._thumbs[action_id]
                icon = "thumb-up" if action_id == GOOD else "thumb-down"
                given = turn.rating == value
                name = _("Good answer") if action_id == GOOD else _("Bad answer")
                name = _("{name} (rated so)").format(name=name) if given else name
                thumb.show_icon(f"{icon}-full" if given else icon, name)

    def set_version(self, number: int, versions: int) -> None:
        """Show the version number, with arrows to the other versions."""
        if versions < 2 or self._versions is not None:
            return
        self._versions = QWidget()
        row = QHBoxLayout(self._versions)
        row.setContentsMargins(4, 0, 4, 0)
        row.setSpacing(2)
        older = IconButton(self._theme, "left", _("Version before"), size=16)
        newer = IconButton(self._theme, "right", _("Next version"), size=16)
        older.setEnabled(number > 1)
        newer.setEnabled(number < versions)
        older.clicked.connect(partial(self.action_chosen.emit, OLDER))
        newer.clicked.connect(partial(self.action_chosen.emit, NEWER))
        label = plain_label(f"{format_count(number)}/{format_count(versions)}", "muted")
        words = _("Version {number} of {versions}")
        label.setAccessibleName(
            words.format(number=format_count(number), versions=format_count(versions))
        )
        for part in (older, label, newer):
            row.addWidget(part)
        self._row.addWidget(self._versions)

    def _on_more_clicked(self, button: QToolButton) -> None:
        menu = make_turn_menu(self._turn, self, self.action_chosen.emit)
        menu.aboutToHide.connect(menu.deleteLater)
        pop_up_menu(menu, button.mapToGlobal(button.rect().bottomLeft()))
