"""The list of chats in its parts: pinned ones, groups, and the rest by day."""

from collections.abc import Sequence
from datetime import date

from msgspec import Struct

from core.chat.arranging import Group
from core.chat.conversation import ChatSummary
from core.words import _
from desktop.words import day, day_group


class Section(Struct, frozen=True):
    """A heading, the id of the group it stands for ("" for none), and the chats under it."""

    heading: str
    group_id: str
    chats: tuple[ChatSummary, ...]


def sections_of(
    chats: Sequence[ChatSummary], groups: Sequence[Group], today: date
) -> tuple[Section, ...]:
    """Return the parts that hold something, and all groups; within each the latest chat first.

    A pinned chat stands among the pinned ones alone.
    """
    pinned = tuple(chat for chat in chats if chat.pinned)
    sections = [Section(_("Pinned"), "", pinned)] if pinned else []
    known = {group.group_id for group in groups}
    for group in groups:
        of_group = [chat for chat in chats if chat.group_id == group.group_id and not chat.pinned]
        sections.append(Section(group.name, group.group_id, tuple(of_group)))
    by_day: dict[str, list[ChatSummary]] = {}
    for chat in chats:
        if not chat.pinned and chat.group_id not in known:
            by_day.setdefault(day_group(day(chat.updated), today), []).append(chat)
    sections += [Section(heading, "", tuple(those)) for heading, those in by_day.items()]
    return tuple(sections)
