"""The shelf's work: scans, drives that go away, removing, checksums, copies."""

import hashlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeVar

import pytest

from core.app.events.model_events import ModelScanFinished, ModelTaskFailed
from core.app.models import model_file_service as shelf_module
from core.base.errors import ErrorCode, ModelError, StorageError
from core.base.paths import Paths
from core.ipc.reply import Reply
from core.models.info.model_entry import ModelOrigin
from tests.app.stage import Stage
from tests.gguf.writing import Gguf
from tests.waiting import WaitFor

GOOD = Gguf()
Result = TypeVar("Result")


class Shelves(Stage):
    """A stage that waits for the background."""

    def __init__(self, root: Paths, wait_for: WaitFor) -> None:
        super().__init__(root)
        self._wait_for = wait_for

    def ended(self, reply: Reply[Any, Result]) -> Reply[Any, Result]:
        """Wait until a reply has ended."""

        def is_done() -> bool:
            self.app.process_events()
            return reply.is_done

        self._wait_for(is_done, 20)
        return reply

    def result(self, reply: Reply[Any, Result]) -> Result:
        """Wait for a result."""
        result = self.ended(reply).result
        assert result is not None
        return result

    def scanned(self) -> ModelScanFinished:
        return self.result(self.app.model_files.scan_models())

    def refs(self) -> set[str]:
        return {entry.ref for entry in self.app.registry.list_models()} - {
            "smollm2-135m-instruct-q4_1"
        }


@pytest.fixture
def stage(root: Paths, wait_for: WaitFor) -> Iterator[Shelves]:
    stage = Shelves(root, wait_for)
    yield stage
    stage.app.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "drive" / "models"
    for name in ("one", "two/two"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        GOOD.write(folder / f"{name}.gguf")
    (folder / "page.gguf").write_text("<html>")
    (folder / "dir.gguf").mkdir()
    (folder / "zero.gguf").touch()
    return folder


def test_a_folder_is_looked_through_and_remembered(
    stage: Shelves, folder: Path, root: Paths, wait_for: WaitFor, monkeypatch: pytest.MonkeyPatch
) -> None:
    scanned = stage.result(stage.app.model_files.add_model_folder(str(folder)))
    assert scanned in stage.told, "every window shows it"
    assert stage.refs() == {"one", "two", "page", "zero"}
    assert scanned.new == len(stage.app.registry.list_models())
    problems = {entry.ref: entry.problem_code for entry in stage.app.registry.list_models()}
    assert (problems["one"], problems["page"], problems["zero"]) == ("", "not_gguf", "not_gguf")
    stage.app.close()

    def unread(_path: Path) -> None:
        raise AssertionError("it was read before")

    monkeypatch.setattr("core.models.info.model_facts.read_header", unread)
    again = Shelves(root, wait_for)
    assert again.refs() == {"one", "two", "page", "zero"}
    assert again.scanned().new == 0
    again.app.close()
    stage.app.open_root()


def test_a_drive_that_goes_away_is_told_and_its_models_are_kept(
    stage: Shelves, folder: Path
) -> None:
    stage.result(stage.app.model_files.add_model_folder(str(folder)))
    aside = folder.rename(folder.parent / "aside")
    for empty in (False, True):
        if empty:
            folder.mkdir()
        assert stage.scanned().away == (str(folder),)
        entry = stage.app.registry.find_model("one")
        assert (entry.problem_code, entry.family) == (ErrorCode.MODEL_AWAY, "Llama 128")
    folder.rmdir()
    aside.rename(folder)
    assert stage.scanned().away == ()
    assert not stage.app.registry.find_model("one").problem_code
    (folder / "one.gguf").unlink()
    stage.scanned()
    assert "one" not in stage.refs(), "deleted, while its folder is there"
    stage.app.model_files.remove_model_folder(str(folder))
    assert stage.refs() == set()
    with pytest.raises(ModelError) as caught:
        stage.app.model_files.remove_model_folder(str(folder))
    assert caught.value.code == ErrorCode.MODELS_FOLDER_UNKNOWN


def test_what_was_forgotten_stays_off_until_it_is_added(stage: Shelves, folder: Path) -> None:
    stage.result(stage.app.model_files.add_model_folder(str(folder)))
    stage.app.models.unregister_model("one")
    stage.scanned()
    assert "one" not in stage.refs()
    stage.app.models.add_model(str(folder / "one.gguf"))
    assert "one" in stage.refs()


def test_another_programs_models_are_offered_and_never_touched(
    stage: Shelves, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "hub"))
    snapshot = tmp_path / "hub/models--maker--model/snapshots/a"
    snapshot.mkdir(parents=True)
    file = GOOD.write(snapshot / "theirs.gguf")
    before = file.stat()
    stage.scanned()
    entry = stage.app.models.find_usable_model("theirs")
    assert (entry.origin, entry.is_from_other_app) == (ModelOrigin.HUB, True)
    removed = stage.app.model_files.remove_model("theirs")
    assert not removed.trashed
    assert (file.stat().st_mtime_ns, file.stat().st_ino) == (before.st_mtime_ns, before.st_ino)
    stage.scanned()
    assert stage.refs() == set()


def test_our_own_file_goes_to_the_trash_others_stay(
    stage: Shelves, root: Paths, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trashed: list[Path] = []

    def trash(path: Path) -> None:
        trashed.append(path)
        path.unlink()

    monkeypatch.setattr(shelf_module, "send2trash", trash)
    own = GOOD.write(root.models / "own.gguf")
    added = GOOD.write(tmp_path / "added.gguf")
    stage.app.models.add_model(str(added))
    assert stage.app.model_files.remove_model("own").trashed
    assert trashed == [own]
    assert not stage.app.model_files.remove_model("added").trashed
    assert added.exists()
    assert stage.refs() == set()
    with pytest.raises(ModelError) as caught:
        stage.app.model_files.remove_model("smollm2")
    assert caught.value.code == ErrorCode.MODEL_NOT_OURS


def test_a_trash_that_refuses_costs_nothing(
    stage: Shelves, root: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_path: Path) -> None:
        raise PermissionError(13, "no trash on this drive")

    monkeypatch.setattr(shelf_module, "send2trash", refuse)
    GOOD.write(root.models / "own.gguf")
    with pytest.raises(ModelError) as caught:
        stage.app.model_files.remove_model("own")
    assert caught.value.code == ErrorCode.MODEL_NOT_TRASHED
    assert stage.refs() == {"own"}


def test_a_model_that_answers_is_not_removed(stage: Shelves, root: Paths) -> None:
    GOOD.write(root.models / "own.gguf")
    stage.app.models.choose_model("own")
    stage.engine.finish_loading()
    stage.app.process_events()
    stage.app.questions.ask_question("Why?")
    with pytest.raises(ModelError) as caught:
        stage.app.model_files.remove_model("own")
    assert caught.value.code == ErrorCode.MODEL_IN_USE
    assert stage.refs() == {"own"}


def test_a_checksum_is_remembered_and_a_silent_change_is_found(stage: Shelves, root: Paths) -> None:
    file = GOOD.write(root.models / "own.gguf")
    (reply,) = stage.app.checksums.verify_checksums("own")
    assert stage.app.checksums.checksum_state(str(file)) == "waiting"
    known = stage.result(reply)
    assert known.sha256 == hashlib.sha256(GOOD.encode()).hexdigest()
    assert (known.expected, known.mismatch) == ("", None)
    assert stage.app.models.find_usable_model("own").sha256 == known.sha256
    assert stage.app.checksums.checksum_state(str(file)) == "known"
    before = file.stat()
    raw = bytearray(file.read_bytes())
    raw[-1] ^= 1
    file.write_bytes(raw)
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    (reply,) = stage.app.checksums.verify_checksums("own")
    wrong = stage.result(reply)
    assert wrong.expected == known.sha256
    assert wrong.mismatch is not None
    assert wrong.mismatch.code == ErrorCode.MODEL_CHECKSUM_WRONG


def test_all_checksums_are_computed_in_the_background(
    stage: Shelves, root: Paths, wait_for: WaitFor
) -> None:
    GOOD.write(root.models / "own.gguf")
    shutil.copy(root.models / "own.gguf", root.models / "copy.gguf")
    stage.app.checksums.compute_missing_checksums()

    def done() -> bool:
        stage.app.process_events()
        return all(entry.sha256 for entry in stage.app.registry.list_models())

    wait_for(done, 20)
    entry = stage.app.models.find_usable_model("own")
    assert entry.duplicates == ("copy",)


def test_a_copy_lands_in_our_folder(stage: Shelves, root: Paths, tmp_path: Path) -> None:
    file = GOOD.write(tmp_path / "far.gguf")
    added = stage.result(stage.app.model_files.copy_model(str(file)))
    assert added.path == str(root.models / "far.gguf")
    entry = stage.app.models.find_usable_model(added.ref)
    assert entry.is_ours
    failure = stage.ended(stage.app.model_files.copy_model(str(file))).failure
    assert failure is not None
    assert failure.code == ErrorCode.MODEL_COPY_EXISTS
    assert stage.told[-1] == ModelTaskFailed(failure=failure)


def test_a_scan_is_stopped_or_replaced_by_the_next(stage: Shelves, folder: Path) -> None:
    first = stage.app.model_files.add_model_folder(str(folder))
    second = stage.app.model_files.scan_models()
    stage.app.model_files.cancel_scan()
    third = stage.app.model_files.scan_models()
    stage.ended(third)
    ends = stage.of(ModelScanFinished)
    assert len(ends) == 1, "a scan that was replaced is no news"
    assert ends[0].failure is None
    for reply in (first, second):
        assert reply.failure is None or reply.failure.code == ErrorCode.CANCELLED
    fourth = stage.app.model_files.scan_models()
    fourth.detach()
    stage.app.model_files.cancel_scan()
    stage.ended(fourth.share())
    stopped = stage.of(ModelScanFinished)[-1].failure
    assert stopped is None or stopped.code == ErrorCode.CANCELLED


def test_a_damaged_memory_is_made_again(root: Paths, wait_for: WaitFor) -> None:
    for path in (root.model_registry_cache, root.checksums):
        path.write_bytes(b"\xc1damaged")
    GOOD.write(root.models / "own.gguf")
    stage = Shelves(root, wait_for)
    assert stage.refs() == {"own"}
    stage.app.close()


def test_a_folder_that_is_none_is_refused(stage: Shelves, tmp_path: Path) -> None:
    with pytest.raises((ModelError, StorageError)) as caught:
        stage.app.model_files.add_model_folder(str(tmp_path / "none"))
    assert caught.value.code == ErrorCode.MODELS_FOLDER_GONE
