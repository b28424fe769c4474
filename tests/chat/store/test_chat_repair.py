"""Fields of chats in which a bit has changed: they get a default, and keep nothing from opening."""

import pytest

from core.base.paths import Paths
from core.chat.conversations.assurance import NO_ASSURANCE
from core.chat.prompts.prompt_library import Prompt
from core.chat.store.chat_database import ChatDatabase
from core.chat.store.draft_store import MessageDraft
from tests.chat.saved_chats import CHATS, save_chats
from tests.chat.test_chat_salvage import damage


def test_a_letter_that_is_none_is_shown_as_such(root: Paths) -> None:
    texts = save_chats(root)
    content = root.chats.read_bytes()
    damage(root, content.replace(b"answer 7 answer 7", b"answer \xff answer 7"))
    chats = ChatDatabase(root.chats, root.backups)
    chat_id = list(texts)[7]
    shown = [each.text for each in chats.load_conversation(chat_id).turns.values()]
    assert any("\N{REPLACEMENT CHARACTER}" in text for text in shown)
    assert len(chats.list_chats()) == CHATS
    chats.close()


@pytest.mark.parametrize(
    ("column", "stored"),
    [("sentences", "3"), ("statistics", "[]"), ("sentences", '[{"start": "x"}]')],
)
def test_a_field_of_another_type_gets_its_default(root: Paths, column: str, stored: str) -> None:
    """Changed bytes may leave JSON, but not what is kept in this field."""
    texts = save_chats(root)
    chat_id = next(iter(texts))
    chats = ChatDatabase(root.chats, root.backups)
    chats._db.execute(f"UPDATE turns SET {column} = ? WHERE chat_id = ?", (stored, chat_id))
    turns = chats.load_conversation(chat_id).turns.values()
    assert turns
    assert all(not turn.sentences for turn in turns)
    assert texts[chat_id] in {turn.text for turn in turns}
    chats.close()


@pytest.mark.parametrize(
    ("table", "column", "stored"),
    [("assurance", "data", "[1]"), ("tool_calls", "calls", "{}"), ("assurance", "data", "\xff")],
)
def test_what_is_kept_beside_an_answer_keeps_no_chat_from_opening(
    root: Paths, table: str, column: str, stored: str
) -> None:
    texts = save_chats(root)
    chat_id = next(iter(texts))
    chats = ChatDatabase(root.chats, root.backups)
    chats._db.execute(
        f"INSERT OR REPLACE INTO {table} (turn_id, {column})"
        " SELECT turn_id, CAST(? AS TEXT) FROM turns WHERE chat_id = ? AND role = 'assistant'",
        (stored.encode("latin-1"), chat_id),
    )
    turns = chats.load_conversation(chat_id).turns.values()
    assert texts[chat_id] in {turn.text for turn in turns}
    assert all((turn.assurance, turn.tool_calls) == (NO_ASSURANCE, ()) for turn in turns)
    chats.close()


@pytest.mark.parametrize(("column", "stored"), [("files", b"{"), ("text", b"Wet\xff")])
def test_a_damaged_draft_keeps_nothing_from_opening(
    root: Paths, column: str, stored: bytes
) -> None:
    """Drafts are read at each start, for the files that they name."""
    texts = save_chats(root)
    chat_id = next(iter(texts))
    chats = ChatDatabase(root.chats, root.backups)
    chats.drafts.save_draft(chat_id, MessageDraft("Wet?", ("/garden.txt",)))
    chats._db.execute(f"UPDATE drafts SET {column} = CAST(? AS TEXT)", (stored,))
    assert isinstance(chats.attached_paths(), frozenset)
    assert chats.drafts.get_draft(chat_id).text.startswith("Wet")
    chats.close()


def test_damaged_names_prompts_and_sent_prompts_are_passed_over(root: Paths) -> None:
    texts = save_chats(root)
    chats = ChatDatabase(root.chats, root.backups)
    group = chats.organizer.add_group("Garden")
    prompt = chats.prompts.save_prompt(Prompt(name="Short", command="brief"))
    chats._db.execute("UPDATE groups SET name = CAST(x'47ff' AS TEXT)")
    chats._db.execute("UPDATE prompts SET value = CAST(x'47ff' AS TEXT)")
    turn_id = next(iter(chats.load_conversation(next(iter(texts))).turns))
    chats._db.execute("INSERT INTO sent_prompts VALUES (?, x'00')", (turn_id,))
    assert [each.group_id for each in chats.organizer.list_groups()] == [group.group_id]
    assert prompt.prompt_id not in {each.prompt_id for each in chats.prompts.list_prompts()}
    assert chats.branches.sent_prompt(turn_id) is None
    chats.close()
