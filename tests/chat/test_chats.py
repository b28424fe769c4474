"""The chat store: saved as it happens, read back whole, nothing of a deleted chat left."""

import os
from pathlib import Path

import pytest
from msgspec import structs

from core.base.errors import ErrorCode, StorageError
from core.base.paths import Paths
from core.chat.conversations.chat_titles import title_from_question
from core.chat.conversations.conversation import (
    AnswerStatistics,
    Citation,
    Conversation,
    JudgedSentence,
    Role,
    SentenceVerdict,
    Source,
    Turn,
    TurnState,
)
from core.chat.store.chat_database import ChatDatabase
from core.chat.store.draft_store import MessageDraft


def turn(turn_id: str, parent_id: str | None, role: Role, **more: object) -> Turn:
    values = {"text": turn_id, "created": 1.0, "state": TurnState.DONE, **more}
    return Turn(turn_id=turn_id, parent_id=parent_id, role=role, **values)  # type: ignore[arg-type]


ANSWER = turn(
    "a1",
    "q1",
    Role.ASSISTANT,
    raw="Every second Friday [1].",
    token_ids=(1, 49151, 7),
    fingerprint="f",
    model="m",
    note="something was left out",
    sources=(
        Source(
            n=1,
            folder_id="f",
            folder="Garden",
            file="duties.odt",
            path="/g/duties.odt",
            page=3,
            heading="§ 4",
            text="Every second Friday…",
            content_hash="h",
            score=0.5,
        ),
    ),
    citations=(Citation(n=1, start=0, end=6, source_start=2, source_end=9),),
    sentences=(
        JudgedSentence(start=0, end=6, verdict=SentenceVerdict.SUPPORTED, n=1, support=0.9),
    ),
    statistics=AnswerStatistics(prompt_tokens=10, tokens_per_second=41.5, stop="eos"),
)


def filled(chats: ChatDatabase) -> Conversation:
    question = turn("q1", None, Role.USER, sent="Passages…\n\nq1")
    conversation = chats.new_conversation("A chat", ("f1",)).with_turn(question).with_turn(ANSWER)
    chats.save_turns(conversation, [question, ANSWER])
    return conversation


def test_a_conversation_comes_back_as_it_was(chats: ChatDatabase) -> None:
    conversation = filled(chats)
    loaded = chats.load_conversation(conversation.chat_id)
    assert structs.replace(loaded, updated=0) == structs.replace(conversation, updated=0)
    assert loaded.path()[-1] == ANSWER


def test_branches_are_kept(chats: ChatDatabase) -> None:
    conversation = filled(chats)
    other = turn("a2", "q1", Role.ASSISTANT, raw="another answer")
    conversation = conversation.with_turn(other)
    chats.save_turns(conversation, [other])
    loaded = chats.load_conversation(conversation.chat_id)
    assert [t.turn_id for t in loaded.path()] == ["q1", "a2"]
    assert loaded.turns["a1"] == ANSWER


def test_the_list_has_the_latest_first(root: Paths) -> None:
    now = [1000.0]
    chats = ChatDatabase(root.chats, root.backups, clock=lambda: now[0])
    first, second = chats.new_conversation("first"), chats.new_conversation("second")
    for conversation in (first, second, first):
        now[0] += 1
        chats.save_turns(conversation, [])
    assert [line.title for line in chats.list_chats()] == ["first", "second"]
    chats.close()


def test_a_streaming_answer_is_interrupted_by_a_restart(root: Paths) -> None:
    chats = ChatDatabase(root.chats, root.backups)
    question = turn("q", None, Role.USER)
    answer = turn("a", "q", Role.ASSISTANT, state=TurnState.STREAMING, text="")
    conversation = chats.new_conversation("c").with_turn(question).with_turn(answer)
    chats.save_turns(conversation, [question, answer])
    chats.save_partial_answer("a", "half an ans")
    chats.close()
    chats = ChatDatabase(root.chats, root.backups)
    saved = chats.load_conversation(conversation.chat_id).turns["a"]
    assert (saved.state, saved.raw) == (TurnState.INTERRUPTED, "half an ans")
    chats.close()


def test_deleting_leaves_nothing_on_disk(root: Paths) -> None:
    chats = ChatDatabase(root.chats, root.backups)
    secret = "canary-text-that-must-go"
    question = turn("q", None, Role.USER, text=secret, sent=secret)
    conversation = chats.new_conversation(secret).with_turn(question)
    chats.save_turns(conversation, [question])
    chats.drafts.save_draft(conversation.chat_id, MessageDraft(f"{secret}?", (f"/{secret}.txt",)))
    chats.delete_chat(conversation.chat_id)
    chats.close()
    assert not [
        file
        for file in root.root.rglob("*")
        if file.is_file() and secret.encode() in file.read_bytes()
    ]


def test_ids_can_be_shortened(chats: ChatDatabase) -> None:
    conversation = filled(chats)
    assert chats.resolve_chat_id(conversation.chat_id[:13]) == conversation.chat_id
    with pytest.raises(StorageError) as caught:
        chats.resolve_chat_id("zzz")
    assert caught.value.code is ErrorCode.CHAT_UNKNOWN


def test_rename(chats: ChatDatabase) -> None:
    conversation = filled(chats)
    chats.rename_chat(conversation.chat_id, "Better")
    assert chats.load_conversation(conversation.chat_id).title == "Better"


def test_the_damaged_file_is_kept_aside(root: Paths) -> None:
    root.chats.write_bytes(b"this is no database" * 1000)
    chats = ChatDatabase(root.chats, root.backups)
    assert chats.list_chats() == ()
    chats.close()
    assert [p for p in Path(root.root).iterdir() if "damaged" in p.name]


def test_titles() -> None:
    assert title_from_question("  When\n do I water? ") == "When do I water?"
    long = title_from_question("word " * 50)
    assert len(long) <= 61
    assert long.endswith("word…")


def test_a_damaged_page_in_the_middle_is_found_at_the_start(root: Paths) -> None:
    chats = ChatDatabase(root.chats, root.backups)
    question = turn("q", None, Role.USER, text="word " * 20_000)
    chats.save_turns(chats.new_conversation("c").with_turn(question), [question])
    chats.close()
    content = bytearray(root.chats.read_bytes())
    content[4096 * 3 : 4096 * 6] = os.urandom(4096 * 3)
    root.chats.write_bytes(content)
    said: list[StorageError] = []
    chats = ChatDatabase(root.chats, root.backups, said.append)
    assert chats.list_chats() == ()
    chats.close()
    assert [error.code for error in said] == [ErrorCode.DATABASE_DAMAGED]


def test_a_chat_of_many_turns_can_be_deleted(chats: ChatDatabase) -> None:
    conversation = chats.new_conversation("long")
    turns: list[Turn] = []
    for number in range(1500):
        parent = turns[-1].turn_id if turns else None
        turns.append(turn(f"t{number:04}", parent, Role.USER))
        conversation = conversation.with_turn(turns[-1])
    chats.save_turns(conversation, turns)
    chats.delete_chat(conversation.chat_id)
    assert chats.list_chats() == ()


def test_a_rename_is_not_undone_by_the_answer(chats: ChatDatabase) -> None:
    conversation = filled(chats)
    chats.rename_chat(conversation.chat_id, "my name")
    chats.save_turns(conversation, [ANSWER])
    assert chats.load_conversation(conversation.chat_id).title == "my name"
