"""The engine that a command starts ahead: for what was loaded last, and for nothing else."""

import errno
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec import structs

from core.base.paths import Paths
from core.engine.client.early_engine import EarlyEngine, start_early_engine
from core.engine.client.engine_client import EngineClient
from core.messages import AnswerDone, LoadModel, ModelLoaded, Placement
from tests.fakes.child_process import FakeChildProcess


def load_request(model: Path, device: str = "cpu", states: str = "") -> LoadModel:
    return LoadModel(
        request_id="load", path=str(model), placement=Placement(device=device), states_folder=states
    )


def loaded(request_id: str, path: str) -> ModelLoaded:
    return ModelLoaded(
        request_id=request_id,
        path=path,
        fingerprint="f",
        context=1,
        threads=1,
        prompt_tokens_per_second=1,
        seconds=1,
    )


def load_once(root: Paths, request: LoadModel, *, remembers: bool = True) -> None:
    """Have a scripted child load a model."""
    child = FakeChildProcess("engine")
    client = EngineClient(root, lambda: None, process=child, remembers=remembers)
    client.load_model(request)
    child.deliver(loaded("load", request.path))
    client.poll()
    client.stop()


@pytest.fixture
def model(tmp_path: Path) -> Path:
    made = tmp_path / "tiny.gguf"
    made.write_bytes(b"GGUF")
    return made


@pytest.fixture
def root_with_folders(root: Paths) -> Paths:
    for folder in (root.attempt_folder, root.logs, root.states):
        folder.mkdir(parents=True, exist_ok=True)
    return root


@pytest.fixture
def early(root_with_folders: Paths, model: Path) -> Iterator[EarlyEngine]:
    load_once(root_with_folders, load_request(model, states=str(root_with_folders.states)))
    engine = start_early_engine(root_with_folders, str(model))
    assert engine is not None
    yield engine
    engine.process.stop(0.0)


@pytest.mark.slow
def test_the_child_started_ahead_loads_what_it_was_started_for(
    root_with_folders: Paths, model: Path, early: EarlyEngine
) -> None:
    pid = early.process.pid
    assert pid is not None
    client = EngineClient(root_with_folders, lambda: None, early=early)
    reply = client.load_model(load_request(model, states=str(root_with_folders.states)))
    assert client.pid == pid
    assert reply.request_id == early.load.request_id
    client.load_model(load_request(model))  # a second load always has a child of its own
    assert client.pid not in {None, pid}
    client.stop()


@pytest.mark.slow
@pytest.mark.parametrize("change", ["another model", "another folder", "a card"])
def test_it_is_replaced_where_something_else_is_loaded(
    root_with_folders: Paths, model: Path, early: EarlyEngine, change: str
) -> None:
    other = model.with_name("other.gguf")
    other.write_bytes(b"GGUF")
    states = str(root_with_folders.states)
    wanted = {
        "another model": load_request(other, states=states),
        "another folder": load_request(model),
        "a card": load_request(model, device="auto", states=states),
    }[change]
    pid = early.process.pid
    client = EngineClient(root_with_folders, lambda: None, early=early)
    client.load_model(wanted)
    assert client.pid not in {None, pid}
    client.stop()


def test_what_it_says_before_it_is_asked_for_is_told_then(root: Paths, model: Path) -> None:
    child = FakeChildProcess("engine")
    child.start()
    load = structs.replace(load_request(model), request_id="early")
    client = EngineClient(root, lambda: None, early=EarlyEngine(child, load, root))
    child.deliver(loaded("early", str(model)))
    client.poll()
    assert client.loaded is None
    reply = client.load_model(load_request(model))
    assert not reply.is_done
    client.poll()
    assert client.loaded is reply.result is not None
    assert not child.sent


def test_a_load_that_never_ended_is_not_begun_again(
    root_with_folders: Paths, model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.ipc.child_process.ChildProcess.send", lambda *_given: None)
    load_once(root_with_folders, load_request(model))
    assert start_early_engine(root_with_folders, "") is not None
    assert start_early_engine(root_with_folders, "") is None
    load_once(root_with_folders, load_request(model))
    assert start_early_engine(root_with_folders, "") is not None


def test_nothing_is_started_without_need(
    root_with_folders: Paths, model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert start_early_engine(root_with_folders, "") is None
    load_once(root_with_folders, load_request(model))
    assert start_early_engine(root_with_folders, str(model.with_name("other.gguf"))) is None
    assert start_early_engine(root_with_folders, "server:one") is None
    with monkeypatch.context() as patch:
        patch.setattr("core.engine.client.early_engine.available_memory", lambda: 15)
        assert start_early_engine(root_with_folders, "") is None
    root_with_folders.key_file.write_bytes(b"{}")
    assert start_early_engine(root_with_folders, "") is None
    root_with_folders.key_file.unlink()
    model.unlink()
    assert start_early_engine(root_with_folders, "") is None
    root_with_folders.engine_start.write_bytes(b"[1")
    assert start_early_engine(root_with_folders, "") is None


def test_a_drive_that_does_not_answer_ends_no_command(
    root_with_folders: Paths, model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    load_once(root_with_folders, load_request(model))
    stat = Path.stat

    def fail(path: Path, *, follow_symlinks: bool = True) -> os.stat_result:
        if path == model:
            raise OSError(errno.EIO, "no answer")
        return stat(path, follow_symlinks=follow_symlinks)

    monkeypatch.setattr(Path, "stat", fail)
    assert start_early_engine(root_with_folders, "") is None


@pytest.mark.slow
def test_a_child_loads_the_functions_of_llama_cpp_alone() -> None:
    code = (
        "from core.engine.llama.light_bindings import load_bindings; load_bindings();"
        "import llama_cpp, sys; llama_cpp.llama_backend_init(); print(llama_cpp.__version__);"
        "assert not {'llama_cpp.llama', 'llama_cpp.llama_chat_format'} & set(sys.modules)"
    )
    program = Path(__file__).resolve().parents[3]
    done = subprocess.run(
        [sys.executable, "-P", "-c", code],
        env={**os.environ, "PYTHONPATH": str(program)},
        check=True,
        capture_output=True,
        text=True,
    )
    assert done.stdout.strip()


def test_the_engine_of_examples_leaves_no_start_behind(root: Paths, model: Path) -> None:
    load_once(root, load_request(model), remembers=False)
    assert not root.engine_start.exists()


def test_how_fast_it_read_is_remembered_and_corrected_by_faster_prompts(
    root_with_folders: Paths, model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.ipc.child_process.ChildProcess.send", lambda *_given: None)
    child = FakeChildProcess("engine")
    client = EngineClient(root_with_folders, lambda: None, process=child)
    client.load_model(load_request(model))
    child.deliver(loaded("load", str(model)))
    for read, cached, seconds in [(200, 0, 4.0), (900, 890, 0.001), (200, 100, 200.0)]:
        answer = AnswerDone(
            request_id="answer",
            stop="eos",
            prompt_tokens=read,
            cached_tokens=cached,
            seconds_to_first_token=seconds,
        )
        child.deliver(answer)
    client.poll()
    client.stop()
    early = start_early_engine(root_with_folders, "")
    assert early is not None
    assert early.load.reading_speed == pytest.approx(50), "neither the few nor the slow ones count"


def test_a_remembered_speed_makes_no_other_load(root: Paths, model: Path) -> None:
    child = FakeChildProcess("engine")
    child.start()
    load = structs.replace(load_request(model), request_id="early", reading_speed=80.0)
    client = EngineClient(root, lambda: None, early=EarlyEngine(child, load, root))
    assert client.load_model(load_request(model)).request_id == "early"
    assert not child.sent
    client.stop()
