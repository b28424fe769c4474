"""History conversion: a chat of another program as one of ours, with ids that stay the same.

Ids are made from the program and its own ids, and sort by time as ours do, so that a chat that is
imported again is known, and brings only what was added to it.
"""

import hashlib
import uuid
from collections.abc import Mapping

from core.base.i18n import _
from core.chat.conversations.chat_titles import title_from_question
from core.chat.conversations.conversation import Conversation, Role, Turn, TurnState
from core.chat.history.foreign_chat import ForeignChat, ForeignTurn, MalformedChatError

MAX_TURNS = 50_000
_MAX_NAME = 200
_MAX_ATTACHMENTS = 50
_LATEST = 4_102_444_800.0
"""2100: a later time is none."""


def to_conversation(chat: ForeignChat) -> Conversation:
    """Return a chat as one of ours. Raises MalformedChatError if no message of it can be shown."""
    turns = {turn.turn_id: turn for turn in chat.turns}
    if len(turns) > MAX_TURNS:
        raise MalformedChatError(_("it holds too many messages"))
    parents = {turn_id: _shown_parent(turns, turn) for turn_id, turn in turns.items()}
    shown = {key: turn for key, turn in turns.items() if turn.is_shown}
    created = _plausible(chat.created) or min(
        (time for turn in shown.values() if (time := _plausible(turn.created))), default=0.0
    )
    identity = f"{chat.program}\n{chat.chat_id}"
    ids, times = _ids_and_times(shown, parents, created, identity)
    made = {
        ids[key]: _turn(turn, ids[key], ids.get(parents[key] or ""), times[key], turns)
        for key, turn in shown.items()
        if key in ids
    }
    if not made:
        raise MalformedChatError(_("it holds no messages"))
    first = next((turn.text for turn in made.values() if turn.role is Role.USER), "")
    leaf = _shown_leaf(turns, chat.leaf_id, ids) or _latest_leaf(made)
    return Conversation(
        chat_id=_stable_id(created, identity),
        title=title_from_question(_visible(chat.title)) or title_from_question(_visible(first)),
        created=created,
        updated=max(created, _plausible(chat.updated), made[leaf].created),
        turns=dict(sorted(made.items())),
        leaf_id=leaf,
    )


def _shown_parent(turns: Mapping[str, ForeignTurn], turn: ForeignTurn) -> str | None:
    """Return the nearest shown message above one. Raises MalformedChatError in a circle."""
    parent_id = turn.parent_id
    for _step in range(len(turns)):
        parent = turns.get(parent_id or "")
        if parent is None:
            return None
        if parent.is_shown:
            return parent.turn_id
        parent_id = parent.parent_id
    raise MalformedChatError(_("messages in it answer each other in a circle"))


def _ids_and_times(
    shown: Mapping[str, ForeignTurn],
    parents: Mapping[str, str | None],
    created: float,
    identity: str,
) -> tuple[dict[str, str], dict[str, float]]:
    """Return our id and the time of each message that hangs below a first one, parents first."""
    children: dict[str | None, list[str]] = {}
    for key in shown:
        children.setdefault(parents[key], []).append(key)
    ids: dict[str, str] = {}
    times: dict[str, float] = {}
    waiting = list(children.get(None, []))
    for place, key in enumerate(waiting):  # grows while it is walked
        above = times.get(parents[key] or "", created)
        times[key] = max(above, _plausible(shown[key].created))
        order = times[key] + place / 1000 if times[key] == above else times[key]
        ids[key] = _stable_id(order, f"{identity}\n{key}")
        waiting += children.get(key, [])
    if len(ids) < len(shown):
        raise MalformedChatError(_("messages in it answer each other in a circle"))
    return ids, times


def _turn(
    turn: ForeignTurn,
    turn_id: str,
    parent_id: str | None,
    created: float,
    turns: Mapping[str, ForeignTurn],
) -> Turn:
    text = turn.text.encode("utf-8", "replace").decode()
    names = [_visible(name)[:_MAX_NAME] for name in turn.attachments[:_MAX_ATTACHMENTS]]
    note = _("Attached there: {files}").format(files=", ".join(names)) if names else ""
    return Turn(
        turn_id=turn_id,
        parent_id=parent_id,
        role=Role.USER if turn.is_question else Role.ASSISTANT,
        state=TurnState.DONE,
        text=text,
        created=created,
        raw="" if turn.is_question else text,
        thinking="" if turn.is_question else _thinking(turn, turns),
        model=_visible(turn.model)[:_MAX_NAME],
        note=note,
    )


def _thinking(turn: ForeignTurn, turns: Mapping[str, ForeignTurn]) -> str:
    """Return what was thought since the last shown message, and in an answer itself."""
    thoughts = [turn.thinking]
    above = turns.get(turn.parent_id or "")
    while above is not None and not above.is_shown:
        thoughts.append(above.thinking)
        above = turns.get(above.parent_id or "")
    joined = "\n\n".join(filter(None, reversed(thoughts)))
    return joined.encode("utf-8", "replace").decode()


def _shown_leaf(
    turns: Mapping[str, ForeignTurn], leaf_id: str, ids: Mapping[str, str]
) -> str | None:
    """Return our id of the message that a chat was left at."""
    turn = turns.get(leaf_id)
    if turn is None:
        return None
    key = turn.turn_id if turn.is_shown else _shown_parent(turns, turn)
    return ids.get(key or "")


def _latest_leaf(turns: Mapping[str, Turn]) -> str:
    """Return the latest message that no other answers."""
    answered = {turn.parent_id for turn in turns.values()}
    return max(turn_id for turn_id in turns if turn_id not in answered)


def _stable_id(seconds: float, identity: str) -> str:
    """Return the id of an identity: of the form of UUIDv7, whose text sorts by time."""
    digest = hashlib.sha256(identity.encode("utf-8", "replace")).digest()
    time_part = int(min(max(seconds, 0.0), _LATEST) * 1000).to_bytes(6, "big")
    parts = bytearray(time_part + digest[:10])
    parts[6] = 0x70 | parts[6] & 0x0F
    parts[8] = 0x80 | parts[8] & 0x3F
    return str(uuid.UUID(bytes=bytes(parts)))


def _plausible(seconds: float) -> float:
    return seconds if 0 < seconds < _LATEST else 0.0


def _visible(text: str) -> str:
    clean = text.encode("utf-8", "replace").decode()
    return "".join(letter if letter.isprintable() else " " for letter in clean)
