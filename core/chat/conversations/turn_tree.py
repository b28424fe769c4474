"""Turn tree operations: versions of a turn, branches, and what goes with a removed turn."""

from collections.abc import Sequence

from msgspec import Struct, structs

from core.chat.conversations.conversation import Conversation, Role, Turn


class TurnRemoval(Struct, frozen=True, kw_only=True):
    """Turns that go, those that move to another parent (id to the new one), and what is shown then.

    `before` and `parents` hold how it was, for taking it back.
    """

    chat_id: str
    turns: tuple[Turn, ...]
    moved: dict[str, str | None]
    parents: dict[str, str | None]
    before: str | None
    leaf_id: str | None


def turn_versions(conversation: Conversation, turn_id: str) -> tuple[str, ...]:
    """Return the turns that stand in one place, this one among them, oldest first."""
    turn = conversation.turns[turn_id]
    return tuple(
        other.turn_id
        for other in sorted(conversation.turns.values(), key=_age)
        if other.parent_id == turn.parent_id and other.role is turn.role
    )


def shown_versions(conversation: Conversation) -> dict[str, tuple[int, int]]:
    """Return, for each shown turn that has others in its place: its number, and how many."""
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
    """Return what goes with a turn; what follows stays in the chat, behind what came before.

    A question goes with its answers. An answer goes alone where there are other versions, which
    take over what followed; the only one takes its question along.
    """
    turn = conversation.turns[turn_id]
    children = _children(conversation)
    others = [other for other in turn_versions(conversation, turn_id) if other != turn_id]
    if turn.role is Role.ASSISTANT and not others and children.get(turn_id) and turn.parent_id:
        return plan_removal(conversation, turn.parent_id)
    gone = [turn]
    heir = turn.parent_id
    if turn.role is Role.USER:
        gone += [child for child in children.get(turn_id, []) if child.role is Role.ASSISTANT]
    elif others:
        heir = others[-1]
    ids = {each.turn_id for each in gone}
    following = [child for each in gone for child in children.get(each.turn_id, [])]
    moved = {child.turn_id: heir for child in following if child.turn_id not in ids}
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
        removed, leaf_id=_leaf_behind(apply_removal(conversation, removed), heir)
    )


def apply_removal(conversation: Conversation, removed: TurnRemoval) -> Conversation:
    """Return the conversation after a removal."""
    gone = {turn.turn_id for turn in removed.turns}
    turns = {key: turn for key, turn in conversation.turns.items() if key not in gone}
    for turn_id, parent_id in removed.moved.items():
        turns[turn_id] = structs.replace(turns[turn_id], parent_id=parent_id)
    return structs.replace(conversation, turns=turns, leaf_id=removed.leaf_id)


def undo_removal(conversation: Conversation, removed: TurnRemoval) -> Conversation:
    """Return the conversation with a removal taken back."""
    turns = {**conversation.turns, **{turn.turn_id: turn for turn in removed.turns}}
    for turn_id, parent_id in removed.parents.items():
        if turn_id in turns:
            turns[turn_id] = structs.replace(turns[turn_id], parent_id=parent_id)
    leaf = removed.before if removed.before in turns else conversation.leaf_id
    return structs.replace(conversation, turns=turns, leaf_id=leaf)


def path_to(conversation: Conversation, turn_id: str | None) -> tuple[Turn, ...]:
    """Return the turns that lead to one, and it."""
    return structs.replace(conversation, leaf_id=turn_id).path()


def path_with_new_ids(path: Sequence[Turn], names: Sequence[str]) -> tuple[Turn, ...]:
    """Return a path with other ids, for another chat."""
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
