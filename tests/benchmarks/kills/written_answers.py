"""Answers of a program that is killed: the program's part, and what must be left of them."""

import time
from pathlib import Path

import apsw

from core.base.paths import Paths
from core.chat.conversations.conversation import Role, TurnState
from core.chat.store.chat_database import ChatDatabase
from tests.app.stage import Stage

_SAVED_WITHIN = 1.5
"""Seconds; what was written is saved each second, and a busy machine takes a moment for it."""
_WORDS = 40


def write_answers(root: Path, pause: float = 0.04) -> None:
    """Ask and answer until somebody ends it, and say on standard output what was done when."""
    stage = Stage(Paths(root))
    stage.loaded()
    for question in range(1000):
        started = stage.app.questions.ask_question(f"Question {question}?")
        ids = (started.chat_id, started.turn_id)
        print("asked", *ids, time.time(), flush=True)
        stage.engine.fit_prompt(request_id=started.turn_id, sent="sent")
        for word in range(_WORDS):
            stage.engine.write(f"word{word} ", request_id=started.turn_id)
            stage.app.process_events()
            print("wrote", *ids, time.time(), flush=True)
            time.sleep(pause)
        stage.engine.finish_answer(request_id=started.turn_id)
        stage.app.process_events()
        print("ended", *ids, time.time(), flush=True)


def was_cut_off(lines: list[str]) -> bool:
    """Return whether the last answer had begun and not ended."""
    told = [line for line in lines if line.count(" ") == 3]
    return told[-1].startswith("wrote")


def assert_answers_stay(paths: Paths, lines: list[str]) -> None:
    """Look for each question that was told, and its answer up to the last second."""
    told = [line.split() for line in lines if line.count(" ") == 3]
    last = float(told[-1][3])
    chats = ChatDatabase(paths.chats, paths.backups)
    for chat_id, turn_id in {(chat_id, turn_id) for _what, chat_id, turn_id, _at in told}:
        mine = [(what, float(at)) for what, chat, _turn, at in told if chat == chat_id]
        question, answer = chats.load_conversation(chat_id).path()
        assert (question.role, answer.turn_id) == (Role.USER, turn_id)
        ended = any(what == "ended" for what, _at in mine)
        due = sum(what == "wrote" and (ended or last - at > _SAVED_WITHIN) for what, at in mine)
        words = (answer.raw or answer.text).split()
        assert words == [f"word{number}" for number in range(len(words))]
        assert len(words) >= due
        # Between the save of the last word and the line that says so, it may be killed, too.
        is_done = answer.state is TurnState.DONE and len(words) == _WORDS
        assert is_done or (not ended and answer.state is TurnState.INTERRUPTED)
    chats.close()
    assert_sound(paths.chats)


def assert_sound(path: Path) -> None:
    connection = apsw.Connection(str(path))
    assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    connection.close()
