"""What installers are made of: locks, contents, lists, desktop entries."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from packaging.requirements import Requirement

import contents
import freeze
import half_weights
import llama_wheel
import lock
from console import ROOT, SetupError
from core.library.index.index_selftest import VECTORS, check_index

PACKAGING = freeze.PACKAGING
LOCKS = sorted((PACKAGING / "locks").glob("*.txt"))
ENTRY = re.compile(r"^([a-z0-9._-]+)==(\S+)", re.MULTILINE)


def script(folder: str, name: str) -> ModuleType:
    """Import a script that lies in a folder of its own."""
    path = str(PACKAGING / folder)
    sys.path.insert(0, path)
    try:
        return __import__(name)
    finally:
        sys.path.remove(path)


def locked(path: Path) -> dict[str, str]:
    return dict(ENTRY.findall(path.read_text(encoding="utf-8")))


# ------------------------------------------------------------ locks


def asked_for() -> list[Requirement]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return [Requirement(line) for line in project["dependencies"]]


@pytest.mark.parametrize("path", LOCKS, ids=lambda path: path.stem)
def test_every_locked_package_has_its_hashes(path: Path) -> None:
    entries = re.split(r"^(?=[a-z0-9])", path.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    assert entries
    assert [entry for entry in entries if "--hash=sha256:" not in entry] == []


@pytest.mark.parametrize("system", ["linux", "windows", "macos"])
def test_installers_hold_the_versions_that_were_tested(system: str) -> None:
    pins = lock.CONSTRAINTS.read_text(encoding="utf-8")
    tested = {lock.canonical(name): version for name, version in ENTRY.findall(pins)}
    found = locked(PACKAGING / "locks" / f"{system}.txt")
    other = {
        name: version for name, version in found.items() if tested.get(name, version) != version
    }
    assert other == {}
    assert found["torch"].partition("+")[0] == "2.13.0"


@pytest.mark.parametrize(
    ("system", "platform"), [("linux", "linux"), ("windows", "win32"), ("macos", "darwin")]
)
def test_all_that_the_project_asks_for_is_in_each_lock(system: str, platform: str) -> None:
    found = locked(PACKAGING / "locks" / f"{system}.txt")
    there = {"sys_platform": platform, "python_version": "3.11", "python_full_version": "3.11.9"}
    asked = [each for each in asked_for() if each.marker is None or each.marker.evaluate(there)]
    assert asked
    wrong = {
        str(each): found.get(lock.canonical(each.name))
        for each in asked
        if not each.specifier.contains(found.get(lock.canonical(each.name), "0"))
        and each.name != "llama-cpp-python"
    }
    assert wrong == {}, "run packaging/lock_installers.py"


def test_what_those_need_in_turn_is_in_the_lock_of_this_system() -> None:
    needed = lock.closure(asked_for()).keys() - {"llama-cpp-python", "diskcache"}
    found = locked(PACKAGING / "locks" / f"{freeze.SYSTEMS[sys.platform]}.txt")
    assert needed - found.keys() == set(), "run packaging/lock_installers.py"


def test_llamas_lock_has_the_version_that_was_tested() -> None:
    pins = dict(ENTRY.findall(lock.CONSTRAINTS.read_text(encoding="utf-8")))
    assert locked(llama_wheel.LOCK)["llama-cpp-python"] == pins["llama-cpp-python"]


def test_llama_has_a_lock_of_its_own() -> None:
    sources, tools = llama_wheel.split_lock(llama_wheel.LOCK.read_text(encoding="utf-8"))
    assert [name for name, _version in ENTRY.findall(sources)] == ["llama-cpp-python"]
    assert "scikit-build-core" in locked(llama_wheel.LOCK)
    assert "llama-cpp-python" not in tools


def test_dynamic_backends_lie_beside_the_library() -> None:
    for system in ("linux", "win32"):
        arguments = llama_wheel.cmake_arguments(system)
        assert "-DGGML_BACKEND_DL=ON" in arguments
        assert "-DCMAKE_INSTALL_BINDIR=llama_cpp/lib" in arguments
    assert "GGML_METAL=ON" in llama_wheel.cmake_arguments("darwin")


def test_a_wheel_that_was_built_with_other_flags_is_not_taken(tmp_path: Path) -> None:
    """As pip's own cache gave one: the plain build of a checkout's set-up."""
    wheel = tmp_path / "llama_cpp_python-1-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("llama_cpp/lib/libggml-cpu.so", "")
        archive.writestr("bin/libggml-cpu-haswell.so", "")
    assert llama_wheel.lacking(wheel, "linux") == ["ggml-vulkan", *llama_wheel.CPU_VARIANTS]
    with zipfile.ZipFile(wheel, "a") as archive:
        for name in ("ggml-vulkan", *llama_wheel.CPU_VARIANTS):
            archive.writestr(f"llama_cpp/lib/{name}.dll", "")
    assert llama_wheel.lacking(wheel, "win32") == []


# ------------------------------------------------------------ contents


@pytest.mark.parametrize(
    ("target", "kept"),
    [
        ("libstdc++.so.6", False),
        ("libvulkan.so.1", False),
        ("libXau.so.6", False),
        ("pillow.libs/libXau-154567c4.so.6.0.0", True),
        ("PySide6/Qt/lib/libQt6Quick.so.6", False),
        ("PySide6/Qt/lib/libQt6Widgets.so.6", True),
        ("PySide6/Qt/plugins/platforms/libqxcb.so", True),
        ("llama_cpp/lib/libllama.so.0.5.0", False),
        ("llama_cpp/lib/libggml-base.so.0", True),
        ("llama_cpp/lib/libggml-cpu-haswell.so", True),
        ("llama_cpp/lib/libggml-cpu-haswell.so.0", False),
        ("torch/lib/libtorch_cpu.so", True),
    ],
)
def test_which_libraries_go_in(target: str, *, kept: bool) -> None:
    assert contents.keep_binary(target) is kept


def test_of_transformers_the_text_encoders_go_in() -> None:
    assert contents.keep_module("transformers.models.xlm_roberta.modeling_xlm_roberta")
    assert contents.keep_module("transformers.models")
    assert not contents.keep_module("transformers.models.blip.modeling_blip")
    assert contents.keep_data("transformers/models/__init__.py")
    assert contents.keep_data("transformers/models/bert/modeling_bert.py")
    assert not contents.keep_data("transformers/models/blip/modeling_blip.py")


def test_half_weights_are_the_nearest_ones(tmp_path: Path) -> None:
    numbers = np.array([1.0, -2.5, 3.1415927, 1e-3, 65504.0, 1.00390625], np.float32)
    path = tmp_path / "model.safetensors"
    header = (
        b'{"a":{"dtype":"F32","shape":[6],"data_offsets":[0,24]},"__metadata__":{"format":"pt"}}'
    )
    path.write_bytes(len(header).to_bytes(8, "little") + header + numbers.tobytes())
    half_weights.convert(path)
    content = path.read_bytes()
    start = 8 + int.from_bytes(content[:8], "little")
    assert b'"dtype":"BF16"' in content[:start]
    assert b'"format":"pt"' in content[:start]
    halves = np.frombuffer(content[start:], "<u2").astype(np.uint32) << 16
    assert halves.view(np.float32) == pytest.approx(numbers, rel=2**-8)
    half_weights.convert(path)
    assert path.read_bytes() == content


# ------------------------------------------------------------ Windows and Linux


def test_the_uninstaller_deletes_what_was_installed_and_nothing_else(tmp_path: Path) -> None:
    installer = script("windows", "installer")
    tree, lists = tmp_path / "tree", tmp_path / "lists"
    (tree / "_internal" / "a b").mkdir(parents=True)
    (tree / "Inglenook.exe").touch()
    (tree / "_internal" / "a b" / "$x.txt").touch()
    lists.mkdir()
    installer.write_lists(tree, lists)
    assert (lists / "files.nsh").read_text(encoding="utf-8").splitlines() == [
        'Delete "$INSTDIR\\Inglenook.exe"',
        'Delete "$INSTDIR\\_internal\\a b\\$$x.txt"',
    ]
    assert (lists / "folders.nsh").read_text(encoding="utf-8").splitlines() == [
        'RMDir "$INSTDIR\\_internal\\a b"',
        'RMDir "$INSTDIR\\_internal"',
    ]


def test_a_path_too_long_for_windows_is_refused(tmp_path: Path) -> None:
    installer = script("windows", "installer")
    (tmp_path / ("a" * 100) / ("b" * 100)).mkdir(parents=True)
    with pytest.raises(SetupError):
        installer.write_lists(tmp_path, tmp_path)


@pytest.fixture
def staged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    packages = script("linux", "packages")
    tree = tmp_path / "tree"
    (tree / "_internal").mkdir(parents=True)
    for name in ("Inglenook", "inglenook-cli", "_internal/data"):
        (tree / name).touch(mode=0o775 if "_" not in name else 0o666)
    (tmp_path / "icons").mkdir()
    (tmp_path / "icons" / "48.png").touch()
    monkeypatch.setattr(packages, "STAGE", tmp_path / "stage")
    monkeypatch.setattr(freeze, "ICONS", tmp_path / "icons")
    packages.stage(tree)
    return tmp_path / "stage"


def test_what_is_staged_is_nobodys_to_write(staged: Path) -> None:
    assert (staged / "usr/bin/inglenook").resolve().name == "inglenook-cli"
    modes = {path.stat().st_mode & 0o777 for path in staged.rglob("*") if not path.is_symlink()}
    assert modes == {0o755, 0o644}
    assert (staged / "usr/share/icons/hicolor/48x48/apps/inglenook.png").exists()


def test_the_head_of_a_script_gets_another_line_and_the_rest_stays(tmp_path: Path) -> None:
    packages = script("linux", "packages")
    archive, packed = tmp_path / "x.run", bytes(range(256)) * 1000
    archive.write_bytes(b"#!/bin/sh\n" + packages.MAKESELFS_FIRST + b"exit 0\n" + packed)
    archive.chmod(0o755)
    packages.replace_line(archive, packages.MAKESELFS_FIRST, packages.OUR_FIRST)
    assert archive.read_bytes() == b"#!/bin/sh\n" + packages.OUR_FIRST + b"exit 0\n" + packed
    assert archive.stat().st_mode & 0o777 == 0o755
    assert list(tmp_path.iterdir()) == [archive]
    refused = subprocess.run(
        ["/bin/sh", archive], env={"PATH": ""}, capture_output=True, check=False
    )
    assert refused.returncode == 1
    assert b"Install zstd" in refused.stderr
    with pytest.raises(SetupError):
        packages.replace_line(archive, packages.MAKESELFS_FIRST, packages.OUR_FIRST)


class Run:
    """What the .run unpacks, and a home it is installed into."""

    def __init__(self, staged: Path, scratch: Path) -> None:
        self._scratch = scratch
        shutil.copytree(staged / "usr", scratch / "run", symlinks=True)
        shutil.copy(PACKAGING / "linux" / "install.sh", scratch / "run")
        self.program = scratch / "home" / "lib" / "inglenook"
        self.left = self.program.with_name("inglenook.new")
        self.chats = self.program / "inglenook-data" / "chats.db"
        assert self.install().returncode == 0
        self.chats.parent.mkdir()
        self.chats.touch()

    def install(self, failing: str = "") -> subprocess.CompletedProcess[str]:
        """Install or upgrade; a program of this name fails meanwhile."""
        env = {**os.environ, "PREFIX": str(self._scratch / "home")}
        if failing:
            tools = self._scratch / "tools"
            tools.mkdir()
            (tools / failing).write_text("#!/bin/sh\nexit 1\n", encoding="utf-8")
            (tools / failing).chmod(0o755)
            env["PATH"] = f"{tools}:{env['PATH']}"
        command = ["/bin/sh", str(self._scratch / "run" / "install.sh")]
        return subprocess.run(command, env=env, capture_output=True, text=True, check=False)


ONLY_LINUX = pytest.mark.skipif(sys.platform != "linux", reason="the .run is for Linux")


@ONLY_LINUX
@pytest.mark.parametrize("stop", ["", "find", "rmdir"])
def test_an_upgrade_keeps_portable_data_even_if_it_stops(
    staged: Path, tmp_path: Path, stop: str
) -> None:
    run = Run(staged, tmp_path)
    (run.program / "old").touch()
    if stop:
        assert run.install(failing=stop).returncode == 1
        assert run.chats.exists()
    assert run.install().returncode == 0
    names = {path.name for path in run.program.iterdir()}
    assert names == {"Inglenook", "inglenook-cli", "_internal", "uninstall", "inglenook-data"}
    assert run.chats.exists()


@ONLY_LINUX
def test_data_that_an_older_upgrade_left_aside_comes_back(staged: Path, tmp_path: Path) -> None:
    run = Run(staged, tmp_path)
    run.left.mkdir()
    run.chats.parent.rename(run.left / "inglenook-data")
    assert run.install().returncode == 0
    assert run.chats.exists()
    assert not run.left.exists()
    (run.left / "inglenook-data").mkdir(parents=True)
    refused = run.install()
    assert refused.returncode == 1
    assert "run this again" in refused.stderr
    assert run.chats.exists()
    assert (run.left / "inglenook-data").exists()


@pytest.mark.skipif(not shutil.which("desktop-file-validate"), reason="no desktop-file-utils")
def test_the_desktop_entries_are_valid(staged: Path) -> None:
    entries = sorted((staged / "usr/share/applications").glob("*.desktop"))
    assert entries
    for entry in entries:
        done = subprocess.run(
            ["desktop-file-validate", str(entry)], capture_output=True, text=True, check=False
        )
        assert (done.returncode, done.stdout) == (0, "")


def test_no_two_files_differ_by_case_alone(staged: Path) -> None:
    names = [str(path.relative_to(staged)).casefold() for path in staged.rglob("*")]
    assert len(names) == len(set(names))


def test_a_small_index_comes_back_as_it_was_written(tmp_path: Path) -> None:
    assert check_index(tmp_path) == VECTORS
