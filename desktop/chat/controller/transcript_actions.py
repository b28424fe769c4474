"""Menu and keyboard actions of the open chat: find, jump to the end, last turns."""

from collections.abc import Callable
from functools import partial

from core.base.i18n import N_, _
from desktop.chat.cards.turn_bar import AGAIN, AGAIN_WITH, CONTINUE, COPY, DETAILS
from desktop.chat.controller.chat_controller import ChatController
from desktop.chat.view.chat_view import ChatView
from desktop.kit.actions import ActionRegistry, MenuGroup

_ANSWER_SECTION, _FIND_SECTION = 21, 22

_ACTIONS = (
    ("chat.again", N_("Answer again"), "Ctrl+R", AGAIN),
    ("chat.again_with", N_("Answer again with…"), "Ctrl+Shift+R", AGAIN_WITH),
    ("chat.continue", N_("Continue the answer"), "Ctrl+Shift+Return", CONTINUE),
    ("chat.copy_answer", N_("Copy the last answer"), "Ctrl+Shift+C", COPY),
    ("chat.details", N_("Details of the last answer…"), "Ctrl+I", DETAILS),
)


def register_transcript_actions(
    registry: ActionRegistry, view: ChatView, chat_controller: ChatController
) -> None:
    """Register find, jump to the end, and the actions on the last turns."""
    last = _LastTurns(view, chat_controller)
    _add_find_actions(registry, view, last)
    actions: list[tuple[str, str, str, Callable[[], object]]] = [
        (action_id, _(label), keys, partial(last.run_action, action))
        for action_id, label, keys, action in _ACTIONS
    ]
    edit = _("Edit the last question…")
    actions.append(("chat.edit_question", edit, "Ctrl+Shift+U", last.edit_question))
    for action_id, label, keys, action in actions:
        registry.add_action(
            action_id,
            MenuGroup.CHAT,
            label,
            action,
            keys=keys,
            section=_ANSWER_SECTION,
            enabled=last.are_idle,
        )


def _add_find_actions(registry: ActionRegistry, view: ChatView, last: "_LastTurns") -> None:
    bar, transcript = view.find_bar, view.transcript
    places: tuple[tuple[str, str, str, str, Callable[[], object]], ...] = (
        ("chat.find", _("Find in this chat…"), "Ctrl+F", "search", bar.open_bar),
        ("chat.find_next", _("Find the next place"), "F3", "", partial(bar.go_to_match, 1)),
        (
            "chat.find_before",
            _("Find the place before"),
            "Shift+F3",
            "",
            partial(bar.go_to_match, -1),
        ),
        ("chat.end", _("Jump to the end"), "Ctrl+End", "to-end", transcript.follow_end),
    )
    for action_id, label, keys, icon, action in places:
        registry.add_action(
            action_id,
            MenuGroup.CHAT,
            label,
            action,
            keys=keys,
            icon=icon,
            section=_FIND_SECTION,
            enabled=last.has_turns,
        )


class _LastTurns:
    """The last question and the last answer of the open chat."""

    def __init__(self, view: ChatView, chat_controller: ChatController) -> None:
        self._view = view
        self._chat_controller = chat_controller

    def has_turns(self) -> bool:
        return bool(self._view.transcript.shown_turns)

    def are_idle(self) -> bool:
        return self.has_turns() and not self._chat_controller.answering_turn_id

    def run_action(self, action: str) -> None:
        if turn_id := self._last("assistant"):
            self._chat_controller.turn_controller.run_action(turn_id, action)

    def edit_question(self) -> None:
        turn_id = self._last("user")
        self._view.transcript.scroll_to_turn(turn_id)
        self._view.transcript.edit_turn(turn_id)

    def _last(self, role: str) -> str:
        ids = [turn.turn_id for turn in self._view.transcript.shown_turns if turn.role == role]
        return ids[-1] if ids else ""
