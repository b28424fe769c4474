"""Checksums, copies and duplicates of model files."""

import hashlib
import os
import threading
from pathlib import Path
from typing import Never

import pytest

from core.base.errors import ErrorCode, ModelError
from core.base.paths import Paths
from core.messages import Failed
from core.models.files import file_checksum
from core.models.files.file_checksum import compute_checksum
from core.models.files.file_task_thread import (
    FileTaskCancelled,
    FileTaskContext,
    FileTaskThread,
)
from core.models.files.model_copy import copy_model_files
from core.models.info.model_fit_cache import ModelFit
from core.models.registry.model_registry import ModelRegistry
from tests.gguf.writing import Gguf
from tests.waiting import WaitFor

GOOD = Gguf()


def nothing(*_told: object) -> None:
    """Neither tell nor stop."""


def test_a_checksum_is_that_of_all_bytes(tmp_path: Path) -> None:
    file = GOOD.write(tmp_path / "x.gguf")
    assert (
        compute_checksum(file, nothing, nothing).sha256 == hashlib.sha256(GOOD.encode()).hexdigest()
    )


@pytest.mark.parametrize("more", [b"x", b""])
def test_a_file_that_changes_while_it_is_read_has_no_checksum(
    more: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = GOOD.write(tmp_path / "x.gguf")
    monkeypatch.setattr(file_checksum, "PIECE", 100)
    changes = iter([None])

    def change() -> None:
        for _once in changes:
            with file.open("ab") as sink:
                sink.write(more)
            os.utime(file, ns=(1, 1))

    with pytest.raises(ModelError) as caught:
        compute_checksum(file, nothing, change)
    assert caught.value.code == ErrorCode.MODEL_CHANGING


def test_a_file_that_is_gone_is_told(tmp_path: Path) -> None:
    with pytest.raises(ModelError) as caught:
        compute_checksum(tmp_path / "none.gguf", nothing, nothing)
    assert caught.value.code == ErrorCode.MODEL_GONE


def test_a_copy_is_whole_or_not_there(tmp_path: Path) -> None:
    file = GOOD.write(tmp_path / "x.gguf")
    own = tmp_path / "own"
    own.mkdir()
    assert copy_model_files((file,), own, nothing, nothing).read_bytes() == GOOD.encode()
    with pytest.raises(ModelError) as caught:
        copy_model_files((file,), own, nothing, nothing)
    assert caught.value.code == ErrorCode.MODEL_COPY_EXISTS
    (own / "x.gguf").unlink()

    def stop() -> None:
        raise FileTaskCancelled

    with pytest.raises(FileTaskCancelled):
        copy_model_files((file,), own, nothing, stop)
    assert not list(own.iterdir())


def test_tasks_are_done_in_turn_cancelled_and_told(wait_for: WaitFor) -> None:
    woken, held = threading.Event(), threading.Event()
    tasks = FileTaskThread("test", woken.set)
    told: list[str] = []

    def wait(context: FileTaskContext[str]) -> str:
        context.report_progress("begun")
        held.wait(10)
        return "done"

    def fail(_context: FileTaskContext[Never]) -> None:
        raise ModelError(ErrorCode.MODEL_GONE, path="x")

    first, failing, never = (
        tasks.submit_task(wait).on_progress(told.append).on_done(told.append),
        tasks.submit_task(fail).on_error(lambda failed: told.append(failed.code)),
        tasks.submit_task(wait).on_error(lambda failed: told.append(failed.code)),
    )

    def heard(*, whole: bool) -> bool:
        tasks.poll()
        return not tasks.has_tasks if whole else bool(told)

    wait_for(lambda: heard(whole=False), 5)
    never.cancel()
    held.set()
    wait_for(lambda: heard(whole=True), 5)
    tasks.poll()
    assert told == ["begun", "done", ErrorCode.MODEL_GONE, ErrorCode.CANCELLED]
    assert failing.failure == Failed(
        request_id=failing.request_id, code=ErrorCode.MODEL_GONE, facts={"path": "x"}
    )
    assert (first.result, never.result) == ("done", None)
    tasks.close()


def test_the_same_content_twice_wastes_its_bytes_once(root: Paths, tmp_path: Path) -> None:
    shelf = ModelRegistry(root, lambda _header: ModelFit("yes", 1))
    GOOD.write(root.models / "own.gguf")
    shelf.add_model(str(GOOD.write(tmp_path / "copy.gguf")))
    (tmp_path / "link.gguf").hardlink_to(tmp_path / "copy.gguf")
    shelf.add_model(str(tmp_path / "link.gguf"))
    waste = {entry.ref: (entry.duplicates, entry.wasted) for entry in shelf.list_models()}
    size = len(GOOD.encode())
    assert waste["own"] == (("copy", "link"), 0)
    assert sorted(wasted for _twins, wasted in waste.values()) == [0, 0, 0, size]
    memory = shelf.cache
    for name, sum_ in (("own", "a"), ("copy", "b")):
        path = shelf.find_model(name).path
        memory.store_sha256(path, memory.facts[path].stamps[0], sum_ * 64)
    assert "own" not in shelf.find_model("copy").duplicates, "their checksums differ"
