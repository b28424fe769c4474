"""Pins, groups, the trash, drafts, and the manner of a chat: kept over restarts."""

from collections.abc import Iterator

import apsw
import pytest

from core.base.database import open_database
from core.base.paths import Paths
from core.chat.conversations.chat_style import ChatStyle, ExampleExchange
from core.chat.conversations.conversation import Citation
from core.chat.store import turn_rows
from core.chat.store.chat_database import ChatDatabase
from core.chat.store.chat_organizer import TRASH_SECONDS
from core.chat.store.draft_store import NO_DRAFT, MessageDraft
from tests.chat.talk import say

DAY = 86_400.0


class Clock:
    """Stands until it is moved."""

    now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def chats(root: Paths, clock: Clock) -> Iterator[ChatDatabase]:
    store = ChatDatabase(root.chats, root.backups, clock=clock)
    yield store
    store.close()


def listed(chats: ChatDatabase) -> list[str]:
    return [chat.title for chat in chats.list_chats()]


def test_what_is_in_the_trash_is_not_listed_and_can_be_restored(
    chats: ChatDatabase, clock: Clock
) -> None:
    kept, gone = say(chats, "kept"), say(chats, "gone", "an answer")
    chats.organizer.trash_chat(gone.chat_id)
    assert listed(chats) == ["kept"]
    (trashed,) = chats.organizer.list_chats(trashed=True)
    assert (trashed.chat_id, trashed.trashed) == (gone.chat_id, clock.now)
    assert chats.load_conversation(gone.chat_id).turns == gone.turns
    assert chats.chat_ids() == {kept.chat_id, gone.chat_id}
    chats.organizer.restore_chat(gone.chat_id)
    assert sorted(listed(chats)) == ["gone", "kept"]
    assert chats.organizer.list_chats(trashed=True) == ()


def test_the_trash_keeps_a_chat_for_thirty_days(chats: ChatDatabase, clock: Clock) -> None:
    gone = say(chats, "gone")
    say(chats, "kept")
    chats.organizer.trash_chat(gone.chat_id)
    clock.now += TRASH_SECONDS - 1
    assert chats.organizer.expired_chat_ids() == ()
    clock.now += 2
    assert chats.organizer.expired_chat_ids() == (gone.chat_id,)


def test_pins_and_groups_come_with_the_list(chats: ChatDatabase) -> None:
    one, two = say(chats, "one"), say(chats, "two")
    group = chats.organizer.add_group("Garden")
    chats.organizer.pin_chat(one.chat_id, pinned=True)
    chats.organizer.move_to_group(two.chat_id, group.group_id)
    found = {chat.title: chat for chat in chats.list_chats()}
    assert (found["one"].pinned, found["one"].group_id) == (True, "")
    assert (found["two"].pinned, found["two"].group_id) == (False, group.group_id)
    chats.organizer.remove_group(group.group_id)
    assert {chat.group_id for chat in chats.list_chats()} == {""}


def test_a_pinned_chat_that_is_moved_to_a_group_stands_there(chats: ChatDatabase) -> None:
    chat_id = say(chats, "one").chat_id
    group = chats.organizer.add_group("Garden")
    chats.organizer.pin_chat(chat_id, pinned=True)
    chats.organizer.move_to_group(chat_id, group.group_id)
    assert not chats.list_chats()[0].pinned
    chats.organizer.pin_chat(chat_id, pinned=True)
    chats.organizer.move_to_group(chat_id, "")
    assert chats.list_chats()[0].pinned, "out of its group it stays where it is"


def test_a_group_has_its_name_once(chats: ChatDatabase) -> None:
    group = chats.organizer.add_group("Garden")
    assert chats.organizer.add_group("garden") == group
    chats.organizer.rename_group(group.group_id, "Beds")
    other = chats.organizer.add_group("Attic")
    assert [each.name for each in chats.organizer.list_groups()] == ["Attic", "Beds"]
    assert other != group


def test_a_new_chat_takes_what_was_left_longest(chats: ChatDatabase) -> None:
    drafts = chats.drafts
    for place, text in (("new-2", "left first"), ("", "left later")):
        drafts.save_draft(place, MessageDraft(text))
    first = drafts.take_new_chat(None)
    assert drafts.get_draft(first).text == "left first"
    assert drafts.get_draft(drafts.take_new_chat(None)).text == "left later"
    empty = drafts.take_new_chat(None)
    assert drafts.get_draft(empty) == NO_DRAFT
    drafts.release_new_chat(first)
    assert drafts.take_new_chat(empty) == first, "an empty one gives way to what was left"
    assert drafts.take_new_chat(first) == first, "what is being written stays"


def test_drafts_are_kept_over_a_restart_and_go_with_their_chat(root: Paths) -> None:
    chats = ChatDatabase(root.chats, root.backups)
    chat = say(chats, "one")
    draft = MessageDraft("half a quest", ("/a/b.pdf",))
    chats.drafts.save_draft(chat.chat_id, draft)
    chats.drafts.save_draft("", MessageDraft("a new one"))
    chats.close()
    chats = ChatDatabase(root.chats, root.backups)
    assert chats.drafts.get_draft(chat.chat_id) == draft
    assert chats.drafts.get_draft("") == MessageDraft("a new one")
    chats.drafts.save_draft("", NO_DRAFT)
    assert chats.drafts.get_draft("") == NO_DRAFT
    chats.delete_chat(chat.chat_id)
    assert chats.drafts.get_draft(chat.chat_id) == NO_DRAFT
    chats.close()


def test_the_manner_of_a_chat_is_kept_and_an_answer_does_not_undo_it(chats: ChatDatabase) -> None:
    first = ChatStyle(system="Be short.", preset="precise")
    chat = say(chats, "one", chat=chats.new_conversation("one", chat_style=first))
    assert chats.load_conversation(chat.chat_id).chat_style == first
    second = ChatStyle(examples=(ExampleExchange(question="2+2", answer="4"),))
    chats.set_chat_style(chat.chat_id, second)
    say(chats, "two", chat=chat)
    assert chats.load_conversation(chat.chat_id).chat_style == second


def test_the_manner_stands_before_the_first_question() -> None:
    manner = ChatStyle(system="Be short.", examples=(ExampleExchange(question="2+2", answer="4"),))
    told = [(turn.role, turn.text) for turn in manner.leading_turns()]
    assert told == [("system", "Be short."), ("user", "2+2"), ("assistant", "4")]
    assert ChatStyle().leading_turns() == ()


def test_a_title_of_the_models_never_replaces_a_persons(chats: ChatDatabase) -> None:
    chat = say(chats, "When do I water the long beds?", "On Friday.")
    assert chats.has_default_title(chat.chat_id)
    chats.suggest_title(chat.chat_id, "Watering the long beds")
    assert listed(chats) == ["Watering the long beds"]
    assert not chats.has_default_title(chat.chat_id)
    chats.rename_chat(chat.chat_id, "Mine")
    chats.suggest_title(chat.chat_id, "Something else")
    assert listed(chats) == ["Mine"]


def test_chats_of_the_first_version_are_taken_along(root: Paths) -> None:
    old = open_database(root.chats, turn_rows.MIGRATIONS[:1], root.backups)
    old.execute("INSERT INTO chats VALUES ('c', 'An old one', 1.0, 2.0, 'q', '[]')")
    old.execute(
        """INSERT INTO turns (turn_id, chat_id, parent_id, role, state, created, text, raw, sent,
                              token_ids, fingerprint, model, statistics, note)
           VALUES ('q', 'c', NULL, 'user', 'done', 1.0, 'Where is the rake?', '', '', x'90',
                   '', '', '{}', '')"""
    )
    old.execute("INSERT INTO citations VALUES ('q', 1, 0, 5)")
    old.close()
    chats = ChatDatabase(root.chats, root.backups)
    assert listed(chats) == ["An old one"]
    (turn,) = chats.load_conversation("c").path()
    assert (turn.citations, turn.sentences) == ((Citation(n=1, start=0, end=5),), ())
    (hit,) = chats.search.find_hits("rake")
    assert (hit.chat_id, hit.turn_id) == ("c", "q")
    chats.close()
    assert list(root.backups.glob("chats-before-*.db"))


def test_nothing_of_a_deleted_chat_stays_in_the_index(root: Paths) -> None:
    chats = ChatDatabase(root.chats, root.backups)
    chat = say(chats, "zyxwv canary", "an answer with qqqzzz in it")
    chats.delete_chat(chat.chat_id)
    chats.close()
    db = apsw.Connection(str(root.chats))
    db.execute("CREATE VIRTUAL TABLE temp.words USING fts5vocab(main, 'turn_words', 'row')")
    assert list(db.execute("SELECT term FROM words")) == []
    for (block,) in db.execute("SELECT block FROM turn_words_data"):
        assert b"yxw" not in block
    db.close()
