"""A person's first hour: drop, wait, ask, read, click, stop, crash, restart."""

import re
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from core.app.events.app_events import (
    AnswerFailed,
    AnswerFinished,
    AnswerStage,
    AnswerTextAdded,
    Notice,
)
from core.messages import SyncDone
from tests.desktop.seen import drop, words_of
from tests.end2end.documents import make_garden
from tests.end2end.person import HARMLESS, Person, folded

pytestmark = pytest.mark.qt_log_ignore(HARMLESS, extend=True)


def is_shown(answer: str, person: Person) -> bool:
    """Whether every longer word of an answer can be read; marks of Markdown can't."""
    return set(re.findall(r"[^\W\d_]{4,}", answer)) <= set(
        re.findall(r"[^\W\d_]{4,}", person.shown())
    )


def test_a_first_hour(arrive: Callable[[], Person], tmp_path: Path) -> None:
    person = arrive()
    drop_and_wait(person, make_garden(tmp_path / "Garden"))
    ask_the_folder(person)
    ask_what_it_does_not_hold(person)
    stop_while_it_writes(person)
    lose_the_engine(person)
    find_the_chat_after_a_restart(arrive())


def drop_and_wait(person: Person, garden: Path) -> None:
    drop(person.window, str(garden))
    synced = person.wait(SyncDone)
    assert isinstance(synced, SyncDone)
    assert (synced.folder.files, synced.folder.indexed, synced.folder.skipped) == (8, 6, 2)
    listed = person.app.folders.list_skipped_files(synced.folder.folder_id)
    person.wait_until(lambda: listed.result is not None)
    assert listed.result is not None
    assert {skipped.file for skipped in listed.result.files} == {"broken.pdf", "empty.txt"}
    assert "Garden" in person.shown()
    assert "2 files skipped" in person.shown()


def ask_the_folder(person: Person) -> None:
    finished = person.ask("How often are the long beds watered?")
    assert isinstance(finished, AnswerFinished), finished
    assert finished.sources[0].file == "duties.md"
    assert finished.sources[0].heading.endswith("Watering")
    streamed = "".join(event.text for event in person.told if isinstance(event, AnswerTextAdded))
    assert streamed.strip()
    assert is_shown(finished.text, person)
    panel = person.window.sources
    assert panel.isVisible()
    assert "duties.md" in words_of(panel)
    assert "every second Friday" in finished.sources[0].text
    # A card begins with what the answer rests on, and a small model may speak of another line.
    cited = sorted(
        (each.source_start, each.source_end)
        for each in finished.citations
        if each.n == 1 and each.source_end
    )
    start, end = cited[0] if cited else (0, len(finished.sources[0].text))
    assert folded(finished.sources[0].text[start:end])[:30] in folded(words_of(panel))
    panel.choose_source(1)
    person.bot.waitUntil(lambda: "hung up in the shed" in words_of(panel), timeout=30_000)


def ask_what_it_does_not_hold(person: Person) -> None:
    finished = person.ask("Which enzyme unwinds the double helix during DNA replication?")
    assert isinstance(finished, AnswerFinished)
    assert finished.statistics.is_refused
    assert "Garden" in finished.text
    assert finished.statistics.completion_tokens == 0


def untick_folders(person: Person) -> None:
    person.window.sidebar.folders.set_ticked_folders(())
    person.window.content._on_ticks_changed()


def stop_while_it_writes(person: Person) -> None:
    QTest.keyClick(person.window, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    untick_folders(person)
    person.type_question("Tell me a very long story about the sea.")
    person.wait(AnswerTextAdded)
    QTest.keyClick(person.window.view.composer.text_edit, Qt.Key.Key_Escape)
    finished = person.wait(AnswerFinished)
    assert isinstance(finished, AnswerFinished)
    assert finished.statistics.stop == "cancelled"
    assert finished.text
    # Long enough that it is still being read when the stop comes.
    person.type_question("word " * 1200)
    stage = person.wait(AnswerStage)
    while not (isinstance(stage, AnswerStage) and stage.stage == "reading" and stage.tokens):
        stage = person.wait(AnswerStage)
    QTest.keyClick(person.window.view.composer.text_edit, Qt.Key.Key_Escape)
    finished = person.wait(AnswerFinished)
    assert isinstance(finished, AnswerFinished)
    assert (finished.statistics.stop, finished.text) == ("cancelled", "")


def lose_the_engine(person: Person) -> None:
    person.type_question("Tell me another very long story about the sea.")
    person.wait(AnswerTextAdded)
    pid = person.app.engine.pid
    assert pid is not None
    psutil.Process(pid).kill()
    failed = person.wait(AnswerFailed)
    assert isinstance(failed, AnswerFailed)
    assert failed.problem.message in person.shown()
    again = person.ask("Are you there?")
    assert isinstance(again, AnswerFinished)
    assert is_shown(again.text, person)


def find_the_chat_after_a_restart(person: Person) -> None:
    chats = person.app.chats.list_chats()
    assert [chat.title for chat in chats] == [
        "Tell me a very long story about the sea.",
        "How often are the long beds watered?",
    ]
    chat_list = person.window.sidebar.chat_list
    (line,) = chat_list.findItems("How often are the long beds", Qt.MatchFlag.MatchStartsWith)
    place = chat_list.visualItemRect(line).center()
    QTest.mouseClick(chat_list.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert "How often are the long beds watered?" in person.shown()
    loaded = person.app.chats.load_conversation(chats[1].chat_id).path()
    assert loaded[1].sources[0].file == "duties.md"
    assert not [event for event in person.told if isinstance(event, Notice)]
