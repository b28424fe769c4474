"""Checksums, copies and twins of model files."""

import hashlib
import os
import threading
from pathlib import Path

import pytest

from core.errors import Code, InglenookError, ModelError
from core.models import checksums
from core.models.checksums import checksum
from core.models.copying import copy_in
from core.models.errands import Cancelled, Course, Errands, Told
from core.models.fits import Fit
from core.models.shelf import Shelf
from core.paths import Paths
from tests.gguf.writing import Gguf
from tests.waiting import WaitFor

GOOD = Gguf()


def nothing(*_told: object) -> None:
    """Neither tell nor stop."""


def test_a_checksum_is_that_of_all_bytes(tmp_path: Path) -> None:
    file = GOOD.write(tmp_path / "x.gguf")
    assert checksum(file, nothing, nothing).sha256 == hashlib.sha256(GOOD.encode()).hexdigest()


@pytest.mark.parametrize("more", [b"x", b""])
def test_a_file_that_changes_while_it_is_read_has_no_checksum(
    more: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = GOOD.write(tmp_path / "x.gguf")
    monkeypatch.setattr(checksums, "PIECE", 100)
    changes = iter([None])

    def change() -> None:
        for _once in changes:
            with file.open("ab") as sink:
                sink.write(more)
            os.utime(file, ns=(1, 1))

    with pytest.raises(ModelError) as caught:
        checksum(file, nothing, change)
    assert caught.value.code == Code.MODEL_CHANGING


def test_a_file_that_is_gone_is_told(tmp_path: Path) -> None:
    with pytest.raises(ModelError) as caught:
        checksum(tmp_path / "none.gguf", nothing, nothing)
    assert caught.value.code == Code.MODEL_GONE


def test_a_copy_is_whole_or_not_there(tmp_path: Path) -> None:
    file = GOOD.write(tmp_path / "x.gguf")
    own = tmp_path / "own"
    own.mkdir()
    assert copy_in((file,), own, nothing, nothing).read_bytes() == GOOD.encode()
    with pytest.raises(ModelError) as caught:
        copy_in((file,), own, nothing, nothing)
    assert caught.value.code == Code.MODEL_COPY_EXISTS
    (own / "x.gguf").unlink()

    def stop() -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        copy_in((file,), own, nothing, stop)
    assert not list(own.iterdir())


def test_errands_are_done_in_turn_cancelled_and_told(wait_for: WaitFor) -> None:
    woken, held = threading.Event(), threading.Event()
    errands = Errands("test", woken.set)

    def wait(course: Course) -> str:
        course.tell("begun")
        held.wait(10)
        return "done"

    def fail(_course: Course) -> None:
        raise ModelError(Code.MODEL_GONE, path="x")

    first, failing, never = errands.submit(wait), errands.submit(fail), errands.submit(wait)
    told: list[Told] = []

    def heard(*, whole: bool) -> bool:
        told.extend(errands.poll())
        return not errands.busy if whole else bool(told)

    wait_for(lambda: heard(whole=False), 5)
    errands.cancel(never)
    held.set()
    wait_for(lambda: heard(whole=True), 5)
    told += errands.poll()
    assert [(each.errand, each.ended) for each in told] == [
        (first, False), (first, True), (failing, True), (never, True),
    ]  # fmt: skip
    assert told[1].value == "done"
    assert isinstance(told[2].value, ModelError)
    assert isinstance(told[3].value, InglenookError)
    assert told[3].value.code == Code.CANCELLED
    errands.close()


def test_the_same_content_twice_wastes_its_bytes_once(root: Paths, tmp_path: Path) -> None:
    shelf = Shelf(root, lambda _header: Fit("yes", 1))
    GOOD.write(root.models / "own.gguf")
    shelf.add(str(GOOD.write(tmp_path / "copy.gguf")))
    (tmp_path / "link.gguf").hardlink_to(tmp_path / "copy.gguf")
    shelf.add(str(tmp_path / "link.gguf"))
    waste = {entry.ref: (entry.twins, entry.wasted) for entry in shelf.entries()}
    size = len(GOOD.encode())
    assert waste["own"] == (("copy", "link"), 0)
    assert sorted(wasted for _twins, wasted in waste.values()) == [0, 0, 0, size]
    memory = shelf.memory
    for name, sum_ in (("own", "a"), ("copy", "b")):
        path = shelf.find(name).path
        memory.keep_sum(path, memory.facts[path].stamps[0], sum_ * 64)
    assert "own" not in shelf.find("copy").twins, "their checksums differ"
