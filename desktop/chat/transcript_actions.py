"""What can be done in the open chat by keys and menus."""

from core.words import _
from desktop.actions import ActionRegistry, Group
from desktop.chat.room import ChatRoom
from desktop.chat.turn_bar import AGAIN, CONTINUE, COPY, DETAILS
from desktop.chat.view import ChatView

_SECTION = 20


def register_transcript(registry: ActionRegistry, view: ChatView, room: ChatRoom) -> None:
    """Offer finding in the chat, its ends, and what is done with its last turns."""

    def has_turns() -> bool:
        return bool(view.transcript.turns)

    def last(role: str) -> str:
        ids = [turn.turn_id for turn in view.transcript.turns if turn.role == role]
        return ids[-1] if ids else ""

    def do(deed: str, role: str = "assistant") -> None:
        if turn_id := last(role):
            room.turns.do(turn_id, deed)

    def edit(role: str) -> None:
        turn_id = last(role)
        view.transcript.bring(turn_id)
        view.transcript.edit(turn_id)

    def idle() -> bool:
        return has_turns() and not room.answering

    add = registry.add
    add(
        "chat.find",
        Group.CHAT,
        _("Find in this chat…"),
        view.find_bar.open,
        keys="Ctrl+F",
        icon="search",
        section=_SECTION,
        enabled=has_turns,
    )
    for action_id, label, keys, by in (
        ("chat.find_next", _("Find the next place"), "F3", 1),
        ("chat.find_before", _("Find the place before"), "Shift+F3", -1),
    ):
        add(
            action_id,
            Group.CHAT,
            label,
            lambda by=by: view.find_bar.go_on(by),
            keys=keys,
            section=_SECTION,
            enabled=has_turns,
        )
    add(
        "chat.end",
        Group.CHAT,
        _("Jump to the end"),
        view.transcript.follow,
        keys="Ctrl+End",
        icon="to-end",
        section=_SECTION,
        enabled=has_turns,
    )
    for action_id, label, keys, deed in (
        ("chat.again", _("Answer again"), "Ctrl+R", AGAIN),
        ("chat.continue", _("Continue the answer"), "Ctrl+Shift+Return", CONTINUE),
        ("chat.copy_answer", _("Copy the last answer"), "Ctrl+Shift+C", COPY),
        ("chat.details", _("Details of the last answer…"), "Ctrl+I", DETAILS),
    ):
        add(
            action_id,
            Group.CHAT,
            label,
            lambda deed=deed: do(deed),
            keys=keys,
            section=_SECTION + 1,
            enabled=idle,
        )
    add(
        "chat.edit_question",
        Group.CHAT,
        _("Edit the last question…"),
        lambda: edit("user"),
        keys="Ctrl+Shift+U",
        icon="pencil",
        section=_SECTION + 1,
        enabled=idle,
    )
