"""Action registry of a window: menus, command palette and shortcut sheet are built from it.

A controller registers what it offers when the window is built:

    registry.add_action(
        "chat.new", MenuGroup.CHAT, _("New chat"), chats.open_new_chat, keys="Ctrl+N"
    )

`enabled` is called each time before the action is shown or run, so it needs no updates.
"""

from collections.abc import Callable
from enum import StrEnum
from typing import NamedTuple

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction, QGuiApplication, QKeySequence
from PySide6.QtWidgets import QWidget

from core.base.i18n import N_
from desktop.kit.theme import Theme


class MenuGroup(StrEnum):
    """The menus in order; `&` precedes the letter that opens one with Alt."""

    FILE = N_("&File")
    EDIT = N_("&Edit")
    VIEW = N_("&View")
    CHAT = N_("&Chat")
    MODELS = N_("&Models")
    HELP = N_("&Help")


def _always() -> bool:
    return True


class ActionSpec(NamedTuple):
    """Definition of an action: its place, callback, and whether it is available and checked.

    `section` divides a menu by lines, `icon` is the name of one of our icons; `in_chat` says that
    the chat is shown first, if a page is in its place.
    """

    group: MenuGroup
    trigger: Callable[[], object]
    section: int
    icon: str
    enabled: Callable[[], bool]
    checked: Callable[[], bool] | None
    in_chat: bool


class Action(QAction):
    """One action, in menus, in the command palette and by its shortcut."""

    chat_wanted = Signal()

    def __init__(self, window: QWidget, action_id: str, label: str, spec: ActionSpec) -> None:
        super().__init__(label, window)
        self.action_id = action_id
        self.group = spec.group
        self.section = spec.section
        self.icon_name = spec.icon
        self._trigger = spec.trigger
        self._enabled = spec.enabled
        self._checked = spec.checked
        self._in_chat = spec.in_chat
        self.setObjectName(action_id)
        self.setCheckable(spec.checked is not None)
        self.setIconVisibleInMenu(False)  # some have none; the command palette shows them
        self.triggered.connect(self._on_triggered)

    @property
    def label(self) -> str:
        """Its label without the mnemonic mark."""
        return self.text().replace("&&", "\0").replace("&", "").replace("\0", "&")

    @property
    def is_available(self) -> bool:
        """Whether it is available now."""
        return self._enabled()

    def refresh_state(self) -> None:
        """Update enabled and checked state before the action is shown."""
        self.setEnabled(self._enabled())
        if self._checked is not None:
            self.setChecked(self._checked())

    def _on_triggered(self) -> None:
        if self._enabled():
            if self._in_chat:
                self.chat_wanted.emit()
            self._trigger()
        if self._checked is not None:
            self.setChecked(self._checked())


class ActionRegistry(QObject):
    """The actions of one window; their shortcuts work everywhere in it."""

    added = Signal()
    chat_wanted = Signal()
    """An action is about to be done that needs the chat to be seen."""

    def __init__(self, window: QWidget, theme: Theme) -> None:
        super().__init__(window)
        self._window = window
        self._theme = theme
        self._actions: dict[str, Action] = {}
        self._notes: list[tuple[MenuGroup, str, str]] = []

    def add_action(  # noqa: PLR0913 - one word for each thing an action is
        self,
        action_id: str,
        group: MenuGroup,
        label: str,
        trigger: Callable[[], object],
        *,
        keys: str | tuple[str, ...] = (),
        icon: str = "",
        section: int = 0,
        enabled: Callable[[], bool] = _always,
        checked: Callable[[], bool] | None = None,
        in_chat: bool | None = None,
        role: QAction.MenuRole = QAction.MenuRole.NoRole,
    ) -> Action:
        """Add an action; `checked` makes it a switch. Sections divide a menu, the lowest first.

        Of several `keys` the first is shown. An id that is taken raises ValueError. Actions of the
        Chat menu are done `in_chat` unless they say otherwise.
        """
        if action_id in self._actions:
            raise ValueError(action_id)
        done_there = group is MenuGroup.CHAT if in_chat is None else in_chat
        spec = ActionSpec(group, trigger, section, icon, enabled, checked, done_there)
        action = Action(self._window, action_id, label, spec)
        texts = (keys,) if isinstance(keys, str) else keys
        action.setShortcuts([QKeySequence(text) for text in texts if text])
        action.setMenuRole(role)
        if done_there:
            action.chat_wanted.connect(self.chat_wanted)
        self._actions[action_id] = action
        self._window.addAction(action)
        self.added.emit()
        return action

    def add_widget_shortcut(self, group: MenuGroup, label: str, keys: str) -> None:
        """Record keys that a widget handles itself, for the shortcut sheet."""
        self._notes.append((group, label, keys))

    def action_by_id(self, action_id: str) -> Action:
        """Return the action with this id. Raises KeyError."""
        return self._actions[action_id]

    def actions_in_menu(self, group: MenuGroup) -> tuple[Action, ...]:
        """Return the actions of a menu in order."""
        of_group = (action for action in self._actions.values() if action.group is group)
        return tuple(sorted(of_group, key=_section))

    def all_actions(self) -> tuple[Action, ...]:
        """Return all actions, menu by menu."""
        return tuple(action for group in MenuGroup for action in self.actions_in_menu(group))

    def widget_shortcuts(self, group: MenuGroup) -> tuple[tuple[str, str], ...]:
        """Return labels and keys that widgets handle themselves."""
        return tuple((label, keys) for own, label, keys in self._notes if own is group)

    def refresh_actions(self, actions: tuple[Action, ...]) -> None:
        """Set icons and states of actions before they are shown."""
        for action in actions:
            action.refresh_state()
            if action.icon_name:
                action.setIcon(self._theme.icon(action.icon_name, "muted", 16))


def _section(action: Action) -> int:
    return action.section


def shortcut_text(action: Action) -> str:
    """Return its first shortcut as this system writes it, "" for none."""
    return action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)


def keys_in_order(keys: str) -> str:
    """Return keys as they are shown: "Ctrl+," would end up as ",+Ctrl" between Arabic words."""
    return f"\u2066{keys}\u2069" if keys and QGuiApplication.isRightToLeft() else keys
