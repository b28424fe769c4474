"""Packs are taken whole, proved and made for this program, or not at all."""

import json
import zipfile
from pathlib import Path

import pytest

from core.app.events.app_events import AppEvent, Notice
from core.app.loading.device_service import DeviceService
from core.base.errors import EngineError, ErrorCode
from core.base.paths import Paths
from core.engine.client.planner_client import PlannerClient
from core.engine.devices import backend_packs
from core.engine.devices.backend_packs import BackendPackStore
from core.messages import DevicesListed, Placement
from core.messages.planner_messages import SkippedBackend
from tests.fakes.child_process import FakeChildProcess
from tests.packaging.pack_files import pack_file, sum_of


@pytest.fixture
def folder(tmp_path: Path) -> BackendPackStore:
    return BackendPackStore(tmp_path / "packs")


def refused(folder: BackendPackStore, path: Path, sha256: str | None = None) -> EngineError:
    with pytest.raises(EngineError) as caught:
        folder.install_pack(path, sum_of(path) if sha256 is None else sha256)
    assert folder.installed_packs() == []
    return caught.value


def test_a_pack_the_person_vouches_for_is_installed(
    folder: BackendPackStore, tmp_path: Path
) -> None:
    path = pack_file(tmp_path)
    pack = folder.install_pack(path, sum_of(path).upper())
    assert (pack.folder / "libggml-cuda.so").read_bytes() == b"backend"
    assert [each.about.name for each in folder.installed_packs()] == ["cuda"]
    assert [each.name for each in (tmp_path / "packs").iterdir()] == ["cuda"]


def test_a_pack_nobody_vouches_for_is_not(folder: BackendPackStore, tmp_path: Path) -> None:
    path = pack_file(tmp_path)
    error = refused(folder, path, "")
    assert error.code == ErrorCode.PACK_UNPROVEN
    assert sum_of(path) in error.message


def test_a_pack_that_was_made_with_the_program_needs_no_word(
    folder: BackendPackStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = pack_file(tmp_path)
    shipped = tmp_path / "resources" / "catalog"
    shipped.mkdir(parents=True)
    (shipped / "packs.json").write_text(json.dumps([{"name": "cuda", "sha256": sum_of(path)}]))
    monkeypatch.setattr(backend_packs, "resources_folder", lambda: tmp_path / "resources")
    assert folder.install_pack(path).about.title == "NVIDIA"


def test_a_newer_pack_takes_the_place_of_the_old_one(
    folder: BackendPackStore, tmp_path: Path
) -> None:
    old = pack_file(tmp_path, files={"libggml-cuda.so": b"old", "gone.so": b"old"})
    folder.install_pack(old, sum_of(old))
    new = pack_file(tmp_path, version="2.0", files={"libggml-cuda.so": b"new"})
    pack = folder.install_pack(new, sum_of(new))
    assert sorted(path.name for path in pack.folder.iterdir()) == ["libggml-cuda.so", "pack.json"]
    assert [each.about.ggml for each in folder.installed_packs()] == ["2.0"]


def test_a_file_that_is_not_what_the_pack_says_is_refused(
    folder: BackendPackStore, tmp_path: Path
) -> None:
    path = pack_file(tmp_path)
    with zipfile.ZipFile(path) as archive:
        about = archive.read("pack.json")
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("pack.json", about)
        archive.writestr("libggml-cuda.so", b"other")
        archive.writestr("libcudart.so.13", b"runtime")
    assert refused(folder, path).code == ErrorCode.PACK_REFUSED


@pytest.mark.parametrize("name", ["../outside.so", "/etc/outside.so", "a/b.so", ".hidden", ""])
def test_no_file_leaves_the_folder(folder: BackendPackStore, tmp_path: Path, name: str) -> None:
    path = pack_file(tmp_path, files={name: b"x"} if name else {"\\x": b"x"})
    assert refused(folder, path).code == ErrorCode.PACK_REFUSED
    assert not list(tmp_path.rglob("outside.so"))


def test_what_is_no_pack_is_refused_in_words(folder: BackendPackStore, tmp_path: Path) -> None:
    text = tmp_path / "text.zip"
    text.write_text("no archive")
    assert refused(folder, text).code == ErrorCode.PACK_REFUSED
    empty = tmp_path / "empty.zip"
    with zipfile.ZipFile(empty, "w") as archive:
        archive.writestr("readme", b"")
    assert "doesn't say" in refused(folder, empty).message


def test_a_pack_of_another_system_is_refused(
    folder: BackendPackStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = pack_file(tmp_path)
    monkeypatch.setattr(backend_packs, "this_system", lambda: "win32-x86_64")
    assert refused(folder, path).code == ErrorCode.PACK_REFUSED


def test_a_damaged_installation_counts_as_none(folder: BackendPackStore, tmp_path: Path) -> None:
    path = pack_file(tmp_path)
    pack = folder.install_pack(path, sum_of(path))
    (pack.folder / "libcudart.so.13").unlink()
    assert folder.installed_packs() == []


@pytest.mark.parametrize("name", ["hip", "..", "", "cuda/.."])
def test_what_is_not_there_can_not_be_removed(folder: BackendPackStore, name: str) -> None:
    with pytest.raises(EngineError) as caught:
        folder.remove_pack(name)
    assert caught.value.code == ErrorCode.PACK_UNKNOWN


class Machine:
    """The devices of one root, over a planner child that says what the test says."""

    def __init__(self, root: Paths) -> None:
        self.told: list[AppEvent] = []
        self.process = FakeChildProcess("planner")
        self.planner = PlannerClient(root, lambda: None, process=self.process)
        self.devices = DeviceService(root, self.planner, self.told.append)

    def skip(self, *skipped: SkippedBackend) -> None:
        """List the devices, without any that these backends would have."""
        request_id = self.devices.list_devices().request_id
        self.process.deliver(DevicesListed(request_id=request_id, devices=(), skipped=skipped))
        self.planner.poll()


def test_a_pack_of_an_older_version_is_removed_and_said(root: Paths, tmp_path: Path) -> None:
    machine = Machine(root)
    path = pack_file(tmp_path)
    machine.devices.install_pack(path, sum_of(path))
    assert len(machine.process.sent) == 1, "the devices are listed anew"
    for _time in range(2):
        machine.skip(SkippedBackend(backend="cuda", reason="pack", detail="1.0 2.0"))
    assert machine.devices.packs.installed_packs() == []
    assert [type(event) for event in machine.told] == [Notice]


def test_a_driver_that_crashed_is_not_loaded_again(root: Paths) -> None:
    machine = Machine(root)
    machine.skip(SkippedBackend(backend="Vulkan", reason="crashed"))
    excluded = machine.devices.excluded
    assert excluded.without_excluded(Placement()).device == "cpu"
    assert excluded.without_excluded(Placement(device="Vulkan0")).device == "Vulkan0"
    later = Machine(root).devices.excluded
    assert later.without_excluded(Placement()).device == "cpu"
    later.allow_all_cards()
    assert later.without_excluded(Placement()) == Placement()
