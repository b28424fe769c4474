"""What can be done in the open chat by keys and menus."""

from collections.abc import Callable
from functools import partial

from core.words import N_, _
from desktop.actions import ActionRegistry, Group
from desktop.chat.room import ChatRoom
from desktop.chat.turn_bar import AGAIN, CONTINUE, COPY, DETAILS
from desktop.chat.view import ChatView

_SECTION = 20

_DEEDS = (
    ("chat.again", N_("Answer again"), "Ctrl+R", AGAIN),
    ("chat.continue", N_("Continue the answer"), "Ctrl+Shift+Return", CONTINUE),
    ("chat.copy_answer", N_("Copy the last answer"), "Ctrl+Shift+C", COPY),
    ("chat.details", N_("Details of the last answer…"), "Ctrl+I", DETAILS),
)


def register_transcript(registry: ActionRegistry, view: ChatView, room: ChatRoom) -> None:
    """Offer finding in the chat, its end, and what is done with its last turns."""
    bar, transcript = view.find_bar, view.transcript
    last = _LastTurns(view, room)
    places: tuple[tuple[str, str, str, str, Callable[[], object]], ...] = (
        ("chat.find", _("Find in this chat…"), "Ctrl+F", "search", bar.open),
        ("chat.find_next", _("Find the next place"), "F3", "", partial(bar.go_on, 1)),
        ("chat.find_before", _("Find the place before"), "Shift+F3", "", partial(bar.go_on, -1)),
        ("chat.end", _("Jump to the end"), "Ctrl+End", "to-end", transcript.follow),
    )
    for action_id, label, keys, icon, deed in places:
        registry.add(
            action_id,
            Group.CHAT,
            label,
            deed,
            keys=keys,
            icon=icon,
            section=_SECTION,
            enabled=last.exist,
        )
    deeds: list[tuple[str, str, str, Callable[[], object]]] = [
        (action_id, _(label), keys, partial(last.do, deed))
        for action_id, label, keys, deed in _DEEDS
    ]
    edit = _("Edit the last question…")
    deeds.append(("chat.edit_question", edit, "Ctrl+Shift+U", last.edit_question))
    for action_id, label, keys, deed in deeds:
        registry.add(
            action_id,
            Group.CHAT,
            label,
            deed,
            keys=keys,
            section=_SECTION + 1,
            enabled=last.are_idle,
        )


class _LastTurns:
    """The last question and the last answer of the open chat."""

    def __init__(self, view: ChatView, room: ChatRoom) -> None:
        self._view = view
        self._room = room

    def exist(self) -> bool:
        return bool(self._view.transcript.turns)

    def are_idle(self) -> bool:
        return self.exist() and not self._room.answering

    def do(self, deed: str) -> None:
        if turn_id := self._last("assistant"):
            self._room.turns.do(turn_id, deed)

    def edit_question(self) -> None:
        turn_id = self._last("user")
        self._view.transcript.bring(turn_id)
        self._view.transcript.edit(turn_id)

    def _last(self, role: str) -> str:
        ids = [turn.turn_id for turn in self._view.transcript.turns if turn.role == role]
        return ids[-1] if ids else ""
