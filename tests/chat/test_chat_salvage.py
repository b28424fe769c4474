"""A damaged chats.db: what its whole pages hold comes back, the rest from a daily copy."""

import os
import random
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path

import apsw
import pytest

from core.base.data_key import DataFileCipher, no_key, use_data_key
from core.base.database import IN_MEMORY, connect_database, open_database
from core.base.errors import ErrorCode, StorageError
from core.base.paths import Paths
from core.chat.store.chat_backups import KEPT_BACKUPS, list_backups, make_backup
from core.chat.store.chat_database import MIGRATIONS, ChatDatabase
from core.chat.store.chat_salvage import TABLES
from tests.chat.saved_chats import CHATS, save_chats

FEW = 5
"""Chats whose list is on one page."""
PAGE = 4096
DAY = 86_400.0
BLURRED = 60
"""Characters before the end of what came back that may be wrong."""
FLIPS = int(os.environ.get("INGLENOOK_FLIPS", "60"))
"""Places tried by the test of changed bits; more at night."""


def damage(root: Paths, content: bytes) -> None:
    for file in root.root.glob("chats.db*"):
        file.unlink()
    root.chats.write_bytes(content)


def opened(root: Paths) -> tuple[ChatDatabase, list[StorageError]]:
    said: list[StorageError] = []
    return ChatDatabase(root.chats, root.backups, said.append), said


def whole(chats: ChatDatabase, texts: Mapping[str, str]) -> int:
    """Count the chats whose answer is as it was."""
    found = 0
    for chat_id, text in texts.items():
        try:
            chat = chats.load_conversation(chat_id)
        except StorageError:
            continue
        found += any(each.text == text for each in chat.turns.values())
    return found


def random_pages(content: bytes, chance: random.Random, *, first: int) -> bytes:
    damaged = bytearray(content)
    for page in chance.sample(range(first, len(content) // PAGE), 4):
        damaged[page * PAGE : (page + 1) * PAGE] = chance.randbytes(PAGE)
    return bytes(damaged)


def test_one_changed_bit_costs_at_most_the_chats_of_its_page(root: Paths) -> None:
    texts = save_chats(root)
    content, chance = root.chats.read_bytes(), random.Random(3)
    for _number in range(FLIPS):
        flipped = bytearray(content)
        place = chance.randrange(len(flipped))
        flipped[place] ^= 1 << chance.randrange(8)
        damage(root, bytes(flipped))
        chats, _said = opened(root)
        assert len(chats.list_chats()) >= CHATS - 1, place
        assert whole(chats, texts) >= CHATS - 3, place
        chats.close()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b", OLD.text);", b",\xa0OLD.text);"),
        (b"text, content = 'turns'", b"textl content = 'turns'"),
        (b"'trigram remove", b"'trigrao remove"),
        (b"diacritics 1'", b"diacritics 1)"),
    ],
)
def test_a_changed_letter_in_a_definition_costs_nothing(
    root: Paths, before: bytes, after: bytes
) -> None:
    texts = save_chats(root)
    content = root.chats.read_bytes()
    assert before in content
    damage(root, content.replace(before, after))
    chats, said = opened(root)
    assert [error.code for error in said] == [ErrorCode.CHATS_SALVAGED]
    assert whole(chats, texts) == CHATS
    chats.rename_chat(next(iter(texts)), "New")
    chats.delete_chat(next(iter(texts)))
    chats.close()


def test_a_changed_letter_of_a_chats_id_costs_no_other_chat(root: Paths) -> None:
    texts = save_chats(root, range(12))
    content, chat_id = root.chats.read_bytes(), list(texts)[6].encode()
    places = [found.start() for found in re.finditer(re.escape(chat_id), content)]
    assert len(places) > 5, "in the list of chats, in the turns and in the ways to both"
    for place in places:
        changed = bytearray(content)
        changed[place + 4] ^= 4
        damage(root, bytes(changed))
        chats, _said = opened(root)
        assert {entry.chat_id for entry in chats.list_chats()} >= texts.keys()
        assert whole(chats, texts) >= len(texts) - 1
        chats.close()


@pytest.fixture
def encrypted(root: Paths) -> Iterator[Paths]:
    """A data folder with a key: one changed bit there costs a whole page."""
    key = bytes(range(32))
    use_data_key(lambda: key, partial(DataFileCipher, root.root), proven_for=root.root)
    yield root
    use_data_key(no_key)


def lose_first_page(root: Paths, table: str) -> None:
    """Change a bit of the page with which the tree of a table begins."""
    db = connect_database(root.chats)
    ((page,),) = db.execute("SELECT rootpage FROM sqlite_schema WHERE name = ?", (table,))
    db.close()
    flipped = bytearray(root.chats.read_bytes())
    flipped[(int(str(page)) - 1) * PAGE + 99] ^= 1
    damage(root, bytes(flipped))


@pytest.mark.parametrize("table", ["chats", "turns"])
def test_a_lost_page_that_points_to_others_costs_nothing(encrypted: Paths, table: str) -> None:
    texts = save_chats(encrypted)
    lose_first_page(encrypted, table)
    chats, said = opened(encrypted)
    assert [error.code for error in said] == [ErrorCode.CHATS_SALVAGED]
    titles = {chat.title for chat in chats.list_chats()}
    assert titles == {f"Chat {number}" for number in range(CHATS)}
    assert whole(chats, texts) == CHATS
    chats.close()


def change_pages(root: Paths, pages: Iterable[int], place: int) -> None:
    """Change a bit of pages, at the same place of each."""
    flipped = bytearray(root.chats.read_bytes())
    for page in pages:
        flipped[page * PAGE + place] ^= 1
    damage(root, bytes(flipped))


def test_pages_of_which_the_proof_alone_is_changed_cost_nothing(encrypted: Paths) -> None:
    texts = save_chats(encrypted)
    count = encrypted.chats.stat().st_size // PAGE
    change_pages(encrypted, range(5, count, 6), PAGE - 44)
    chats, said = opened(encrypted)
    assert [error.code for error in said] == [ErrorCode.CHATS_SALVAGED]
    assert whole(chats, texts) == CHATS
    chats.close()


def test_of_a_changed_page_comes_what_stands_before_the_change(encrypted: Paths) -> None:
    texts = save_chats(encrypted)
    content = encrypted.chats.read_bytes()
    parts = []
    for page in range(20, len(content) // PAGE, 4):
        encrypted.chats.write_bytes(content)
        change_pages(encrypted, [page], 600)
        chats, _said = opened(encrypted)
        assert len(chats.list_chats()) == CHATS
        for chat_id, text in texts.items():
            found = [turn.text for turn in chats.load_conversation(chat_id).turns.values()]
            parts += [(part, text) for part in found if part.endswith("…")]
        chats.close()
    assert parts
    # the changed letter, the rest of its block, and a few more until one is no letter
    assert all(text.startswith(part[:-BLURRED]) for part, text in parts)
    assert max(len(part) for part, _text in parts) > 2 * BLURRED


def test_what_the_newest_copy_has_lost_comes_from_an_older_one(root: Paths) -> None:
    texts = save_chats(root)
    for day in (1, 2):
        make_backup(root.chats, root.backups, day * DAY)
    newest = list_backups(root.backups)[0]
    newest.write_bytes(random_pages(newest.read_bytes(), random.Random(5), first=40))
    damage(root, random_pages(root.chats.read_bytes(), random.Random(4), first=40))
    os.truncate(root.chats, 41 * PAGE)
    chats, said = opened(root)
    assert said[0].facts["day"] == "1970-01-03"
    assert whole(chats, texts) == CHATS
    chats.close()


def test_without_the_list_of_tables_each_page_tells_what_it_is(encrypted: Paths) -> None:
    texts = save_chats(encrypted)
    flipped = bytearray(encrypted.chats.read_bytes())
    flipped[99] ^= 1
    damage(encrypted, bytes(flipped))
    chats, said = opened(encrypted)
    assert [error.code for error in said] == [ErrorCode.CHATS_SALVAGED]
    titles = {chat.title for chat in chats.list_chats()}
    assert titles == {f"Chat {number}" for number in range(CHATS)}
    assert whole(chats, texts) == CHATS
    others = set(TABLES) - {"chats", "turns"}
    rows = {name: chats._db.execute(f"SELECT count(*) FROM {name}").fetchone() for name in others}
    assert set(rows.values()) == {(0,)}, "no page is taken for another table's"
    chats.close()


@pytest.mark.parametrize("begins_with", [b"", b"SQLite format 3\0"], ids=["zeros", "magic"])
def test_a_plain_file_whose_first_page_is_zeros_gives_its_chats(
    root: Paths, begins_with: bytes
) -> None:
    texts = save_chats(root)
    damage(root, begins_with.ljust(PAGE, b"\0") + root.chats.read_bytes()[PAGE:])
    chats, said = opened(root)
    assert [error.code for error in said] == [ErrorCode.CHATS_SALVAGED]
    assert whole(chats, texts) == len(chats.list_chats()) == CHATS
    chats.close()


def test_chats_whose_place_in_the_list_is_lost_are_listed_by_their_questions(
    encrypted: Paths,
) -> None:
    texts = save_chats(encrypted, range(FEW))
    lose_first_page(encrypted, "chats")
    chats, said = opened(encrypted)
    assert said[0].facts["chats"] == str(FEW)
    assert [chat.title for chat in chats.list_chats()] == ["What?"] * FEW
    assert whole(chats, texts) == FEW
    chats.close()


def test_pages_of_noise_leave_the_other_chats(root: Paths) -> None:
    texts = save_chats(root)
    damage(root, random_pages(root.chats.read_bytes(), random.Random(4), first=40))
    chats, said = opened(root)
    assert [error.code for error in said] == [ErrorCode.CHATS_SALVAGED]
    assert int(said[0].facts["chats"]) == len(chats.list_chats()) == CHATS
    assert whole(chats, texts) >= CHATS - 8
    chats.close()
    assert (root.root / said[0].facts["aside"]).exists()


@pytest.mark.parametrize("seed", range(5))
def test_a_copy_of_yesterday_completes_them(root: Paths, seed: int) -> None:
    texts = save_chats(root)
    make_backup(root.chats, root.backups, DAY)
    damage(root, random_pages(root.chats.read_bytes(), random.Random(seed), first=0))
    chats, said = opened(root)
    assert said[0].code in {ErrorCode.CHATS_SALVAGED, ErrorCode.CHATS_FROM_BACKUP}
    assert whole(chats, texts) == CHATS
    chats.close()


def test_nothing_readable_and_a_copy_give_the_copy(root: Paths) -> None:
    texts = save_chats(root)
    make_backup(root.chats, root.backups, DAY)
    damage(root, random.Random(1).randbytes(50_000))
    chats, said = opened(root)
    assert said[0].code == ErrorCode.CHATS_FROM_BACKUP
    assert said[0].facts["day"] == "1970-01-02"
    assert whole(chats, texts) == CHATS
    chats.close()


@pytest.mark.parametrize("is_there", [True, False])
def test_a_file_of_which_nothing_is_left_gives_the_copy(root: Paths, is_there: bool) -> None:
    texts = save_chats(root, range(FEW))
    make_backup(root.chats, root.backups, DAY)
    damage(root, b"")
    if not is_there:
        root.chats.unlink()
    chats, said = opened(root)
    assert [error.code for error in said] == [ErrorCode.CHATS_FROM_BACKUP]
    assert whole(chats, texts) == len(chats.list_chats()) == FEW
    chats.close()


def test_a_new_file_of_chats_is_no_damage(root: Paths) -> None:
    for content in (None, b""):
        if content is not None:
            damage(root, content)
        chats, said = opened(root)
        chats.close()
        assert not said


def test_a_deleted_chat_is_in_no_copy(root: Paths) -> None:
    texts = save_chats(root)
    make_backup(root.chats, root.backups, DAY)
    chats, _said = opened(root)
    chats.delete_chat(next(iter(texts)))
    assert list_backups(root.backups) == []
    chats.close()


def test_only_the_newest_copies_are_kept(root: Paths) -> None:
    save_chats(root)
    for day in range(KEPT_BACKUPS + 2):
        make_backup(root.chats, root.backups, day * DAY)
    assert [path.name for path in list_backups(root.backups)] == [
        "chats-1970-01-05.db",
        "chats-1970-01-04.db",
        "chats-1970-01-03.db",
    ]


def test_a_copy_of_damaged_chats_takes_no_place_of_a_sound_one(root: Paths) -> None:
    save_chats(root)
    for day in range(KEPT_BACKUPS):
        make_backup(root.chats, root.backups, day * DAY)
    sound = list_backups(root.backups)
    content = root.chats.read_bytes()
    damage(root, content[: 2 * PAGE] + b"\xff" * PAGE + content[3 * PAGE :])
    make_backup(root.chats, root.backups, KEPT_BACKUPS * DAY)
    assert list_backups(root.backups) == sound


def test_a_damaged_word_index_is_built_anew(root: Paths) -> None:
    save_chats(root)
    chats, said = opened(root)
    chats._db.execute("UPDATE turn_words_data SET block = randomblob(60) WHERE id = 10")
    assert [hit.title for hit in chats.search.find_hits("answer 7 ")]
    assert said == []
    chats.close()


def test_every_table_is_saved_but_those_that_can_be_computed_anew(root: Paths) -> None:
    db = open_database(IN_MEMORY, MIGRATIONS, root.backups)
    names = {str(row[0]) for row in db.execute("SELECT name FROM sqlite_schema WHERE type='table'")}
    ours = {name for name in names if not name.startswith(("sqlite_", "turn_words"))}
    assert ours - set(TABLES) == {"migrations", "digests"}
    assert set(TABLES) <= ours
    db.close()


def test_a_file_that_another_program_holds_is_not_damaged(root: Paths) -> None:
    save_chats(root)
    holder = apsw.Connection(str(root.chats))
    holder.execute("PRAGMA locking_mode = EXCLUSIVE")
    holder.execute("BEGIN EXCLUSIVE")
    with pytest.raises((apsw.BusyError, StorageError)):
        opened(root)
    assert not list(root.root.glob("*.damaged-*"))
    holder.execute("ROLLBACK")
    holder.close()


def test_a_copy_on_a_full_disk_is_no_error(root: Paths, tmp_path: Path) -> None:
    save_chats(root)
    make_backup(root.chats, tmp_path / "not there", DAY)
    assert list_backups(tmp_path / "not there") == []
