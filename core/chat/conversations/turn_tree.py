"""Turn tree operations: versions of a turn, branches, and removal of turns."""

from collections.abc import Sequence

from msgspec import Struct, structs

from core.chat.conversations.conversation import Conversation, Role, Turn


class TurnRemoval(Struct, frozen=True, kw_only=True):
    """Removed turns, those that move to another parent (`moved`: turn id to parent id), new leaf.

    `before` and `parents` are the former leaf and parents, for undo.
    """

    chat_id: str
    turns: tuple[Turn, ...]
    moved: dict[str, str | None]
    parents: dict[str, str | None]
    before: str | None
    leaf_id: str | None


def turn_versions(conversation: Conversation, turn_id: str) -> tuple[str, ...]:
    """Return the ids of all versions of a turn, itself included, oldest first."""
    turn = conversation.turns[turn_id]
    return tuple(
        other.turn_id
        for other in sorted(conversation.turns.values(), key=_age)
        if other.parent_id == turn.parent_id and other.role is turn.role
    )


def shown_versions(conversation: Conversation) -> dict[str, tuple[int, int]]:
    """Return, for each shown turn with several versions: its number from 1, and their count."""
    places: dict[tuple[str | None, Role], list[str]] = {}
    for turn in sorted(conversation.turns.values(), key=_age):
        places.setdefault((turn.parent_id, turn.role), []).append(turn.turn_id)
    found: dict[str, tuple[int, int]] = {}
    for turn in conversation.path():
        there = places[turn.parent_id, turn.role]
        if len(there) > 1:
            found[turn.turn_id] = (there.index(turn.turn_id) + 1, len(there))
    return found


def latest_leaf(conversation: Conversation, turn_id: str) -> str:
    """Return the end of the branch that begins with a turn: the newest child of each."""
    children = _children(conversation)
    while children.get(turn_id):
        turn_id = children[turn_id][-1].turn_id
    return turn_id


def plan_removal(conversation: Conversation, turn_id: str) -> TurnRemoval:
    """Return the removal of a turn; what follows it stays in the chat, behind what was before it.

    A question is removed with its answers. An answer is removed alone if it has other versions,
    one of which becomes the parent of what followed; else it is removed with its question.
    """
    turn = conversation.turns[turn_id]
    children = _children(conversation)
    others = [other for other in turn_versions(conversation, turn_id) if other != turn_id]
    if turn.role is Role.ASSISTANT and not others and children.get(turn_id) and turn.parent_id:
        return plan_removal(conversation, turn.parent_id)
    gone = [turn]
    new_parent = turn.parent_id
    if turn.role is Role.USER:
        gone += [child for child in children.get(turn_id, []) if child.role is Role.ASSISTANT]
    elif others:
        new_parent = others[-1]
    ids = {each.turn_id for each in gone}
    following = [child for each in gone for child in children.get(each.turn_id, [])]
    moved = {child.turn_id: new_parent for child in following if child.turn_id not in ids}
    removed = TurnRemoval(
        chat_id=conversation.chat_id,
        turns=tuple(gone),
        moved=moved,
        parents={child: conversation.turns[child].parent_id for child in moved},
        before=conversation.leaf_id,
        leaf_id=conversation.leaf_id,
    )
    if conversation.leaf_id not in ids:
        return removed
    return structs.replace(
        removed, leaf_id=_leaf_behind(apply_removal(conversation, removed), new_parent)
    )


def apply_removal(conversation: Conversation, removed: TurnRemoval) -> Conversation:
    """Return the conversation after a removal."""
    gone = {turn.turn_id for turn in removed.turns}
    turns = {key: turn for key, turn in conversation.turns.items() if key not in gone}
    for turn_id, parent_id in removed.moved.items():
        turns[turn_id] = structs.replace(turns[turn_id], parent_id=parent_id)
    return structs.replace(conversation, turns=turns, leaf_id=removed.leaf_id)


def undo_removal(conversation: Conversation, removed: TurnRemoval) -> Conversation:
    """Return the conversation with a removal undone."""
    turns = {**conversation.turns, **{turn.turn_id: turn for turn in removed.turns}}
    for turn_id, parent_id in removed.parents.items():
        if turn_id in turns:
            turns[turn_id] = structs.replace(turns[turn_id], parent_id=parent_id)
    leaf = removed.before if removed.before in turns else conversation.leaf_id
    return structs.replace(conversation, turns=turns, leaf_id=leaf)


def path_to(conversation: Conversation, turn_id: str | None) -> tuple[Turn, ...]:
    """Return the turns from the first one to this one."""
    return structs.replace(conversation, leaf_id=turn_id).path()


def path_with_new_ids(path: Sequence[Turn], names: Sequence[str]) -> tuple[Turn, ...]:
    """Return a copy of a path with these ids, for another chat."""
    renamed: list[Turn] = []
    parent_id: str | None = None
    for turn, turn_id in zip(path, names, strict=True):
        renamed.append(structs.replace(turn, turn_id=turn_id, parent_id=parent_id))
        parent_id = turn_id
    return tuple(renamed)


def _leaf_behind(conversation: Conversation, turn_id: str | None) -> str | None:
    """Return the end of the newest branch behind a turn, or of the whole chat's; None for none."""
    if turn_id is None:
        first = _children(conversation).get(None)
        return latest_leaf(conversation, first[-1].turn_id) if first else None
    return latest_leaf(conversation, turn_id)


def _children(conversation: Conversation) -> dict[str | None, list[Turn]]:
    children: dict[str | None, list[Turn]] = {}
    for turn in sorted(conversation.turns.values(), key=_age):
        children.setdefault(turn.parent_id, []).append(turn)
    return children


def _age(turn: Turn) -> tuple[float, str]:
    return turn.created, turn.turn_id
