"""Files that are made to harm, through the application with its real children."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from core.app.chats.ask_options import AskOptions
from core.app.events.app_events import AnswerFailed, AnswerFinished
from core.base.errors import ErrorCode, ModelError
from core.base.paths import Paths
from core.engine.client.engine_client import LoadReply
from core.messages import LoadModel, Sampling
from tests.app.flipping import Flipped, Trials, places
from tests.gguf.test_malformed import INVALID, NOT_GGUF, TRUNCATED
from tests.gguf.writing import Gguf
from tests.waiting import WaitFor


@pytest.fixture
def trials(root: Paths) -> Iterator[Trials]:
    made = Trials(root)
    yield made
    made.close()


MALFORMED = {**INVALID, **TRUNCATED, **NOT_GGUF}
REFUSALS = {ErrorCode.GGUF_INVALID, ErrorCode.GGUF_TRUNCATED, ErrorCode.NOT_GGUF}


def write(content: Gguf | bytes, path: Path) -> Path:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def test_malformed_files_are_refused_before_native_code_sees_them(
    trials: Trials, tmp_path: Path
) -> None:
    for name, content in MALFORMED.items():
        path = write(content, tmp_path / "x.gguf")
        with pytest.raises(ModelError) as caught:
            trials.app.models.add_model(str(path))
        assert caught.value.code in REFUSALS, name
        assert trials.ask(path) in REFUSALS, name
    assert trials.app.engine.pid is None, "no child was even started"


@pytest.mark.slow
def test_the_engine_itself_refuses_them_too_and_lives(
    trials: Trials, tmp_path: Path, wait_for: WaitFor
) -> None:
    """A file may be exchanged after the shelf has read it."""
    engine = trials.app.engine
    pids = set()
    for name, content in MALFORMED.items():
        path = write(content, tmp_path / "x.gguf")
        reply = engine.load_model(LoadModel(request_id=name, path=str(path)))

        def has_ended(reply: LoadReply = reply) -> bool:
            engine.poll()
            return reply.is_done

        wait_for(has_ended, 60)
        assert reply.failure is not None
        assert reply.failure.code in REFUSALS, name
        assert engine.pid is not None, f"the child that refused {name} lives"
        pids.add(engine.pid)
    assert len(pids) == len(MALFORMED), "a sealed child opens the one file it was handed"


def test_what_is_no_file_is_refused(trials: Trials, tmp_path: Path) -> None:
    (tmp_path / "folder.gguf").mkdir()
    (tmp_path / "empty.gguf").touch()
    assert trials.ask(tmp_path / "folder.gguf") == ErrorCode.NOT_GGUF
    assert trials.ask(tmp_path / "empty.gguf") == ErrorCode.NOT_GGUF
    if sys.platform != "win32":
        os.mkfifo(tmp_path / "pipe.gguf")
        assert trials.ask(tmp_path / "pipe.gguf") == ErrorCode.NOT_GGUF
        (tmp_path / "device.gguf").symlink_to("/dev/zero")
        assert trials.ask(tmp_path / "device.gguf") == ErrorCode.NOT_GGUF


@pytest.mark.slow
def test_flipped_bits_never_take_the_application_down(
    trials: Trials, starter_model: Path, tmp_path: Path
) -> None:
    flipped = Flipped(starter_model, tmp_path)
    outcomes = []
    for offset, bit in places(starter_model, 6):
        with flipped.flip(offset, bit) as path:
            outcomes.append(trials.ask(path))
    assert "hung" not in outcomes
    assert trials.ask(starter_model) == "answered"


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="a mapped file can't be cut there")
def test_a_file_that_is_cut_while_it_is_mapped_ends_the_child_alone(
    trials: Trials, starter_model: Path, tmp_path: Path
) -> None:
    copy = Flipped(starter_model, tmp_path).path
    assert trials.ask(copy) == "answered"
    os.truncate(copy, 4 << 20)
    assert trials.ask(copy) in {ErrorCode.ENGINE_DIED, ErrorCode.GGUF_TRUNCATED}
    assert trials.ask(starter_model) == "answered"


@pytest.mark.slow
def test_a_file_that_is_replaced_while_loaded_goes_on_until_it_is_loaded_anew(
    trials: Trials, starter_model: Path, tmp_path: Path
) -> None:
    copy = Flipped(starter_model, tmp_path).path
    assert trials.ask(copy) == "answered"
    (tmp_path / "new").write_bytes(b"not a model")
    (tmp_path / "new").replace(copy)
    assert trials.ask(copy) == ErrorCode.NOT_GGUF
    assert trials.ask(starter_model) == "answered"


@pytest.mark.slow
def test_a_crash_in_an_answer_leaves_the_chat_usable(
    trials: Trials, starter_model: Path, wait_for: WaitFor
) -> None:
    app = trials.app
    told: list[object] = []
    app.subscribe(told.append)

    def ended(kind: type) -> bool:
        app.process_events()
        return any(isinstance(event, kind) for event in told)

    # The likeliest words of it are hundreds; chosen by chance it was now and then over in four.
    likeliest = AskOptions(model=str(starter_model), sampling=Sampling(temperature=0.0))
    first = app.questions.ask_question("Write a long story about a ship.", likeliest)
    wait_for(lambda: ended(type(None)) or "writing" in stages(told), 60)
    assert app.engine.pid is not None
    psutil.Process(app.engine.pid).send_signal(11)
    wait_for(lambda: ended(AnswerFailed), 60)
    (failed,) = [event for event in told if isinstance(event, AnswerFailed)]
    assert failed.problem.code == ErrorCode.ENGINE_DIED
    if sys.platform != "win32":
        assert "signal SIGSEGV" in failed.problem.message
    app.questions.ask_question("Say hello.", AskOptions(max_tokens=4), chat_id=first.chat_id)
    wait_for(lambda: ended(AnswerFinished), 60)
    states = [turn.state for turn in app.chats.load_conversation(first.chat_id).path()]
    assert states == ["done", "failed", "done", "done"]


def stages(told: list[object]) -> list[str]:
    return [str(getattr(event, "stage", "")) for event in told]
