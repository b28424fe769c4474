"""Deleted is gone: no word of a deleted chat or document is left anywhere in the data folder."""

import shutil
from pathlib import Path

import pytest

from core.base.paths import Paths
from core.chat.store.attachment_store import AttachmentStore
from core.chat.store.chat_backups import list_backups, make_backup
from core.chat.store.chat_database import ChatDatabase
from core.chat.store.draft_store import MessageDraft
from core.library.store.library_records import LibraryRecords
from core.library.store.removed_words import erase_removed_words
from tests.app.stage import Stage
from tests.chat.talk import say
from tests.library.shelving import put
from tests.planted_words import find_words, rare_words

NOW = 1_800_000_000.0


def test_no_copy_of_a_deleted_chat_is_left(root: Paths) -> None:
    words = rare_words(12)
    chats = ChatDatabase(root.chats, root.backups)
    saved = [say(chats, f"What is {word}?", f"It is {word}. " * 40) for word in words]
    for chat, word in zip(saved, words, strict=True):
        chats.drafts.save_draft(chat.chat_id, MessageDraft(f"And {word}?", (f"/{word}.txt",)))
        chats.rename_chat(chat.chat_id, f"On {word}")
    make_backup(root.chats, root.backups, NOW)
    for copy in (root.backups / "chats-before-2026-12-x.db", root.root / "chats.db.damaged-1"):
        shutil.copyfile(list_backups(root.backups)[0], copy)
    gone = words[::2]
    assert len(find_words([root.root], gone)) >= 4, "is this test still one?"
    for chat, word in zip(saved, words, strict=True):
        if word in gone:
            chats.delete_chat(chat.chat_id)
    assert find_words([root.root], gone) == {}
    assert set().union(*find_words([root.root], words).values()) == set(words[1::2])
    chats.close()


def test_what_was_written_over_is_erased_while_idle(root: Paths) -> None:
    first, second = rare_words(2)
    chats = ChatDatabase(root.chats, root.backups)
    chats.drafts.save_draft("", MessageDraft(first))
    chats.drafts.save_draft("", MessageDraft(second))
    assert find_words([root.root], [first]), "the log forgets by itself now"
    chats.erase_traces()
    assert find_words([root.root], [first]) == {}
    chats.close()


def test_a_chat_deleted_during_a_backup_is_in_none(root: Paths, starter_model: Path) -> None:
    stage = Stage(root)
    stage.app._chat_backups.is_enabled = True
    (word,) = rare_words(1)
    chat = say(stage.app.chats, f"What is {word}?", word)
    service = stage.app._chat_backups
    before = stage.app.chats.deletions
    stage.app.chat_service.delete_chat(chat.chat_id)
    shutil.copyfile(root.chats, root.backups / "chats-2026-01-01.db")
    service._copy(NOW, before, None)  # type: ignore[arg-type]
    assert list_backups(root.backups) == []
    assert find_words([root.root], [word]) == {}
    stage.app.close()


@pytest.mark.parametrize("named", [True, False], ids=["named by an answer", "without sources"])
def test_what_was_pasted_goes_with_its_chat(
    root: Paths, starter_model: Path, *, named: bool
) -> None:
    stage = Stage(root)
    word, other = rare_words(2)
    pasted, kept = (stage.app.attachments.save_text(f"Notes on {each}") for each in (word, other))
    chat = say(stage.app.chats, "What does it say?", "Nothing.")
    if named:
        stage.app.chats.drafts.save_draft(chat.chat_id, MessageDraft("", (pasted,)))
    else:
        stage.app.chat_service.note_files(chat.chat_id, (pasted, "/home/somebody/else.txt"))
    stage.app.chats.drafts.save_draft("", MessageDraft("", (kept,)))
    stage.app.chat_service.delete_chat(chat.chat_id)
    assert find_words([root.root], [word]) == {}
    assert find_words([root.root], [other])
    stage.app.close()


def test_what_an_ended_process_left_pasted_is_removed_at_the_start(
    root: Paths, starter_model: Path
) -> None:
    (word,) = rare_words(1)
    AttachmentStore(root.attachments).save_text(f"Notes on {word}")
    stage = Stage(root)
    assert find_words([root.root], [word]) == {}
    stage.app.close()


def test_no_copy_of_a_removed_document_is_left(root: Paths, tmp_path: Path) -> None:
    words = rare_words(8)
    records = LibraryRecords(root)
    folder = records.add_folder(str(tmp_path / "notes"))
    for word in words:
        put(records, folder, f"{word}.txt", f"Letter about {word}. " * 30)
    shutil.copyfile(root.library, root.backups / "library-before-x.db")
    shutil.copyfile(root.library, root.library_folder / "library.db.damaged-1")
    known = records.known_files(folder.id)
    records.remove_files([known[f"{word}.txt"] for word in words[:3]])
    for _step in records.contents.delete_orphans():
        pass
    next(erase_removed_words(records.connection), None)  # and no more, as after a kill
    assert records.has_removed_texts
    assert list(records.erase_removed_texts()) is not None
    assert not records.has_removed_texts
    assert find_words([root.root], words[:3]) == {}
    for _step in records.remove_folder_in_steps(folder.id):
        pass
    for _step in records.contents.delete_orphans():
        pass
    for _step in records.erase_removed_texts():
        pass
    assert find_words([root.root], words) == {}
    records.close()


def test_the_next_library_forgets_what_the_first_has_lost(root: Paths, tmp_path: Path) -> None:
    words = rare_words(6)
    first = LibraryRecords(root)
    following = LibraryRecords(root, file=root.root / "library-next.db")
    for records in (first, following):
        folder = records.add_folder(str(tmp_path / "notes"))
        for word in words:
            put(records, folder, f"{word}.txt", f"Letter about {word}. " * 30)
    following.connection.execute("DELETE FROM file")
    known = {("", "")}
    for hash_, name in first.connection.execute("SELECT hash, name FROM content").fetchall():
        if str(name).removesuffix(".txt") not in words[:3]:
            known.add((str(hash_), str(name)))
    for _step in following.contents.delete_unknown(known):
        pass
    for _step in following.erase_removed_texts():
        pass
    first.close()
    following.close()
    assert find_words([root.root / "library-next.db"], words[:3]) == {}
    path = root.root / "library-next.db"
    left = [word for word in words if word[3:11].encode() in path.read_bytes()]
    assert left == words[3:]
