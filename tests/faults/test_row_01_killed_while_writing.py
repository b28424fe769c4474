"""Fault 1: the program is killed while an answer is written."""

import random
from pathlib import Path

import apsw
import pytest

from core.base.paths import Paths
from core.chat.conversations.conversation import Role, TurnState
from core.chat.store.chat_database import ChatDatabase
from tests.faults import dying_program

pytestmark = pytest.mark.slow

_SAVED_WITHIN = 1.5
"""Seconds; what was written is saved each second, and a busy machine takes a moment for it."""
_WRITING = """
import sys, time
from pathlib import Path
from core.base.paths import Paths
from core.messages import AnswerChunk
from tests.app.stage import Stage

stage = Stage(Paths(Path(sys.argv[1])))
stage.loaded()
for question in range(1000):
    started = stage.app.questions.ask_question(f"Question {question}?")
    print("asked", started.chat_id, started.turn_id, time.time(), flush=True)
    stage.engine.fit_prompt(request_id=started.turn_id, sent="sent")
    for word in range(40):
        stage.engine.write(f"word{word} ", request_id=started.turn_id)
        stage.app.process_events()
        print("wrote", started.chat_id, started.turn_id, time.time(), flush=True)
        time.sleep(0.04)
    stage.engine.finish_answer(request_id=started.turn_id)
    stage.app.process_events()
    print("ended", started.chat_id, started.turn_id, time.time(), flush=True)
"""


@pytest.mark.parametrize("seed", range(dying_program.KILLS))
def test_a_question_stays_and_its_answer_up_to_the_last_second(
    root: Paths, starter_model: Path, seed: int
) -> None:
    lines = dying_program.run_and_kill(_WRITING, root.root, dice=random.Random(seed), longest=4.0)
    told = [line.split() for line in lines if line.count(" ") == 3]
    last = float(told[-1][3])
    chats = ChatDatabase(root.chats, root.backups)
    for chat_id, turn_id in {(chat_id, turn_id) for _what, chat_id, turn_id, _at in told}:
        mine = [(what, float(at)) for what, chat, _turn, at in told if chat == chat_id]
        question, answer = chats.load_conversation(chat_id).path()
        assert (question.role, answer.turn_id) == (Role.USER, turn_id)
        ended = any(what == "ended" for what, _at in mine)
        assert answer.state == (TurnState.DONE if ended else TurnState.INTERRUPTED)
        due = sum(what == "wrote" and (ended or last - at > _SAVED_WITHIN) for what, at in mine)
        words = (answer.raw or answer.text).split()
        assert words == [f"word{number}" for number in range(len(words))]
        assert len(words) >= due
    chats.close()
    assert_sound(root.chats)


def assert_sound(path: Path) -> None:
    connection = apsw.Connection(str(path))
    assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    connection.close()
